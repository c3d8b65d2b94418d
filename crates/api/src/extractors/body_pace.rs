//! Minimum transfer rate of request bodies, against clients that hold a connection by sending
//! slowly.

use std::io::{Error as IoError, ErrorKind};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::error::PayloadError;
use actix_web::web::Bytes;
use futures_util::{Stream, StreamExt};
use tokio::time::{Instant, Sleep, sleep_until};

/// The slowest accepted transfer.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// Longest time between two chunks.
    pub max_silence: Duration,
    /// Time for a body of any size.
    pub base_time: Duration,
    /// Transfer rate that extends the time.
    pub bytes_per_second: u32,
}

/// A pace that slow mobile connections still reach.
pub const MIN_PACE: Pace = Pace {
    max_silence: Duration::from_secs(20),
    base_time: Duration::from_secs(30),
    bytes_per_second: 16 * 1024,
};

/// A body stream that fails when it arrives too slowly.
pub struct PacedBody<S> {
    body: S,
    pace: Pace,
    deadline: Instant,
    timer: Pin<Box<Sleep>>,
}

impl<S: Stream<Item = Result<Bytes, PayloadError>> + Unpin> PacedBody<S> {
    /// Starts the timer.
    pub fn new(body: S, pace: Pace) -> Self {
        let now = Instant::now();
        let deadline = now + pace.base_time;
        Self {
            body,
            pace,
            deadline,
            timer: Box::pin(sleep_until(deadline.min(now + pace.max_silence))),
        }
    }
}

impl<S: Stream<Item = Result<Bytes, PayloadError>> + Unpin> Stream for PacedBody<S> {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let slow = || Some(Err(PayloadError::Io(IoError::new(ErrorKind::TimedOut, "too slow"))));
        match self.body.poll_next_unpin(context) {
            Poll::Ready(Some(Ok(piece))) => {
                let (now, pace) = (Instant::now(), self.pace);
                if now > self.deadline {
                    return Poll::Ready(slow());
                }
                self.deadline +=
                    Duration::from_secs_f64(piece.len() as f64 / f64::from(pace.bytes_per_second));
                let next = self.deadline.min(now + pace.max_silence);
                self.timer.as_mut().reset(next);
                Poll::Ready(Some(Ok(piece)))
            }
            Poll::Pending => self.timer.as_mut().poll(context).map(|()| slow()),
            ended => ended,
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::stream;

    use super::*;

    fn piece(length: usize) -> Result<Bytes, PayloadError> {
        Ok(Bytes::from(vec![b'x'; length]))
    }

    #[tokio::test]
    async fn a_stalled_body_is_aborted() {
        let pace = Pace { max_silence: Duration::from_millis(5), ..MIN_PACE };
        let body = stream::iter([piece(9)]).chain(stream::pending());
        let mut paced = PacedBody::new(body, pace);
        assert!(paced.next().await.unwrap().is_ok());
        assert!(paced.next().await.unwrap().is_err());
    }

    #[tokio::test]
    async fn a_trickling_body_is_aborted_and_a_steady_one_is_not() {
        let pace = Pace {
            max_silence: MIN_PACE.max_silence,
            base_time: Duration::from_millis(20),
            bytes_per_second: 1_000,
        };
        let drop_by_drop = |length: usize| {
            let next = move |count: u32| async move {
                tokio::time::sleep(Duration::from_millis(5)).await;
                Some((piece(length), count + 1))
            };
            PacedBody::new(Box::pin(stream::unfold(0, next)), pace)
        };
        let failed = drop_by_drop(1).any(async |piece| piece.is_err());
        assert!(failed.await);
        let flowing = drop_by_drop(10_000).take(20).all(async |piece| piece.is_ok());
        assert!(flowing.await);
    }
}
