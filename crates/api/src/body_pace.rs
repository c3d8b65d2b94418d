//! Minimum transfer rate of request bodies, against clients that hold a connection by sending slowly.

use std::io::{Error as IoError, ErrorKind};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::error::PayloadError;
use actix_web::web::Bytes;
use futures_util::{Stream, StreamExt};
use tokio::time::{Instant, Sleep, sleep_until};

/// The least that is asked of a sender.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// Longest between two pieces.
    pub silence: Duration,
    /// For a body of any size.
    pub at_least: Duration,
    /// On top of that: bytes per second.
    pub rate: u32,
}

/// What the slowest mobile connection still reaches.
pub const PACE: Pace =
    Pace { silence: Duration::from_secs(20), at_least: Duration::from_secs(30), rate: 16 * 1024 };

/// A body that breaks off when it comes too slowly.
pub struct Paced<S> {
    body: S,
    pace: Pace,
    end: Instant,
    alarm: Pin<Box<Sleep>>,
}

impl<S: Stream<Item = Result<Bytes, PayloadError>> + Unpin> Paced<S> {
    /// A body that begins to be read now.
    pub fn new(body: S, pace: Pace) -> Self {
        let now = Instant::now();
        let end = now + pace.at_least;
        Self { body, pace, end, alarm: Box::pin(sleep_until(end.min(now + pace.silence))) }
    }
}

impl<S: Stream<Item = Result<Bytes, PayloadError>> + Unpin> Stream for Paced<S> {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let slow = || Some(Err(PayloadError::Io(IoError::new(ErrorKind::TimedOut, "too slow"))));
        match self.body.poll_next_unpin(context) {
            Poll::Ready(Some(Ok(piece))) => {
                let (now, pace) = (Instant::now(), self.pace);
                if now > self.end {
                    return Poll::Ready(slow());
                }
                self.end += Duration::from_secs_f64(piece.len() as f64 / f64::from(pace.rate));
                let next = self.end.min(now + pace.silence);
                self.alarm.as_mut().reset(next);
                Poll::Ready(Some(Ok(piece)))
            }
            Poll::Pending => self.alarm.as_mut().poll(context).map(|()| slow()),
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
    async fn a_body_that_stops_coming_breaks_off() {
        let pace = Pace { silence: Duration::from_millis(5), ..PACE };
        let body = stream::iter([piece(9)]).chain(stream::pending());
        let mut paced = Paced::new(body, pace);
        assert!(paced.next().await.unwrap().is_ok());
        assert!(paced.next().await.unwrap().is_err());
    }

    #[tokio::test]
    async fn a_body_in_drops_breaks_off_and_one_that_flows_does_not() {
        let pace = Pace { silence: PACE.silence, at_least: Duration::from_millis(20), rate: 1_000 };
        let drop_by_drop = |length: usize| {
            let next = move |count: u32| async move {
                tokio::time::sleep(Duration::from_millis(5)).await;
                Some((piece(length), count + 1))
            };
            Paced::new(Box::pin(stream::unfold(0, next)), pace)
        };
        let failed = drop_by_drop(1).any(async |piece| piece.is_err());
        assert!(failed.await);
        let flowing = drop_by_drop(10_000).take(20).all(async |piece| piece.is_ok());
        assert!(flowing.await);
    }
}
