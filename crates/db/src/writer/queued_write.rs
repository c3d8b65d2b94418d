//! A change in the queue, with the channel for its result.

use tokio::sync::oneshot;

use super::change::{Answer, Failure, WriteJob, WriteOutcome};
use crate::error::{DbError, WriteError};
use crate::tx::Tx;

struct QueuedWrite<T, E, F> {
    work: F,
    reply: Option<oneshot::Sender<Result<T, E>>>,
}

/// Makes a change for the queue; the receiver gets its result after the commit.
pub(super) fn queued<T, E, F>(work: F) -> (Box<dyn WriteJob>, oneshot::Receiver<Result<T, E>>)
where
    T: Send + 'static,
    E: WriteError,
    F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
{
    let (reply, answer) = oneshot::channel();
    (Box::new(QueuedWrite { work, reply: Some(reply) }), answer)
}

impl<T, E, F> WriteJob for QueuedWrite<T, E, F>
where
    T: Send + 'static,
    E: WriteError,
    F: Fn(&mut Tx<'_>) -> Result<T, E> + Send,
{
    fn run(&mut self, mut tx: Tx<'_>) -> WriteOutcome {
        match (self.work)(&mut tx) {
            Ok(value) => {
                WriteOutcome::Done { answer: Box::new(Ok::<T, E>(value)), drafts: tx.into_drafts() }
            }
            Err(error) => WriteOutcome::Failed(Failure {
                fault: error.storage_fault().filter(|fault| fault.needs_attention()),
                retryable: error.is_retryable(),
                answer: Box::new(Err::<T, E>(error)),
            }),
        }
    }

    fn answer(&mut self, answer: Result<Answer, DbError>) {
        let Some(reply) = self.reply.take() else { return };
        let answer = match answer {
            Ok(answer) => answer
                .downcast::<Result<T, E>>()
                .map_or_else(|_| Err(E::from(DbError::Stopped)), |answer| *answer),
            Err(error) => Err(E::from(error)),
        };
        // The caller may be gone; the change is committed all the same.
        let _ = reply.send(answer);
    }
}
