//! Connections before their first request. The library that serves them waits without a bound to
//! see which version of HTTP it is going to be; here that wait has one. And a request of which not
//! even the head has come is not waited for when the server stops.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum_server::accept::Accept;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

/// How every HTTP/2 connection begins (RFC 9113, 3.4). It is not served: over TLS HTTP/1.1 alone
/// is offered, and the bound on a request's head is on HTTP/1.1 alone.
const HTTP2: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// Lets connections in through `inner`, and drops those that have not come so far when `stopping`
/// is cancelled, or have not begun a request `patience` after `inner` has let them in.
#[derive(Clone, Debug)]
pub struct Bounded<A> {
    inner: A,
    patience: Duration,
    stopping: CancellationToken,
}

impl<A> Bounded<A> {
    /// Adds both bounds to `inner`.
    pub const fn new(inner: A, patience: Duration, stopping: CancellationToken) -> Self {
        Self { inner, patience, stopping }
    }
}

impl<A, I, S> Accept<I, S> for Bounded<A>
where
    A: Accept<I, S>,
    A::Future: Send + 'static,
{
    type Stream = Arrival<A::Stream>;
    type Service = A::Service;
    type Future =
        Pin<Box<dyn Future<Output = io::Result<(Self::Stream, Self::Service)>> + Send + 'static>>;

    fn accept(&self, stream: I, service: S) -> Self::Future {
        let accepted = self.inner.accept(stream, service);
        let stopping = self.stopping.clone();
        let patience = self.patience;
        Box::pin(async move {
            let accepted = tokio::select! {
                accepted = accepted => accepted,
                // What is not even a connection yet is not waited for.
                () = stopping.cancelled() => Err(io::ErrorKind::ConnectionAborted.into()),
            };
            accepted.map(|(stream, service)| (Arrival::new(stream, patience, stopping), service))
        })
    }
}

/// A connection that fails unless it begins a request of HTTP/1 in time, and when the server stops
/// before the head of that request is there.
#[derive(Debug)]
pub struct Arrival<S> {
    stream: S,
    /// Until it has begun one.
    deadline: Option<Pin<Box<Sleep>>>,
    /// Until its head is there.
    stopped: Option<Pin<Box<WaitForCancellationFutureOwned>>>,
    /// Bytes that came and could as well be the beginning of HTTP/2.
    unclear: usize,
    /// What came last is the end of a line and, if it goes on with another, of the head.
    line_ended: bool,
}

impl<S> Arrival<S> {
    fn new(stream: S, patience: Duration, stopping: CancellationToken) -> Self {
        Self {
            stream,
            deadline: Some(Box::pin(sleep(patience))),
            stopped: Some(Box::pin(stopping.cancelled_owned())),
            unclear: 0,
            line_ended: false,
        }
    }

    /// Nothing has come: whether to go on waiting.
    fn poll_bounds(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if let Some(stopped) = &mut self.stopped
            && stopped.as_mut().poll(context).is_ready()
        {
            return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
        }
        if let Some(deadline) = &mut self.deadline
            && deadline.as_mut().poll(context).is_ready()
        {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        Poll::Pending
    }

    /// Takes note of what came, nothing being the end.
    fn came(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.stopped.is_some() && (bytes.is_empty() || self.ends_head(bytes)) {
            self.stopped = None;
        }
        if self.deadline.is_none() {
            return Ok(());
        }
        let rest = &HTTP2[self.unclear..];
        let compared = bytes.len().min(rest.len());
        if bytes.is_empty() || bytes[..compared] != rest[..compared] {
            self.deadline = None;
            return Ok(());
        }
        self.unclear += compared;
        if self.unclear == HTTP2.len() {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "HTTP/2 is not spoken here"));
        }
        Ok(())
    }

    /// Whether an empty line is in what came so far. The library takes a bare line feed for the end
    /// of a line too.
    fn ends_head(&mut self, bytes: &[u8]) -> bool {
        for byte in bytes {
            match byte {
                b'\n' if self.line_ended => return true,
                b'\n' => self.line_ended = true,
                b'\r' => {}
                _ => self.line_ended = false,
            }
        }
        false
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Arrival<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let filled = buffer.filled().len();
        match Pin::new(&mut self.stream).poll_read(context, buffer) {
            Poll::Pending => self.poll_bounds(context),
            Poll::Ready(Ok(())) => Poll::Ready(self.came(&buffer.filled()[filled..])),
            failed => failed,
        }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Arrival<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
    use tokio::time::Instant;

    use super::*;

    const PATIENCE: Duration = Duration::from_secs(10);

    fn line() -> (DuplexStream, Arrival<DuplexStream>) {
        let (theirs, ours) = duplex(256);
        (theirs, Arrival::new(ours, PATIENCE, CancellationToken::new()))
    }

    #[tokio::test(start_paused = true)]
    async fn who_says_nothing_or_what_may_still_be_anything_is_cut() {
        for said in [&b""[..], b"P", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r"] {
            let (mut theirs, mut ours) = line();
            let begun = Instant::now();
            theirs.write_all(said).await.unwrap();
            let mut heard = Vec::new();
            let error = ours.read_to_end(&mut heard).await.unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::TimedOut);
            // The timer counts in whole milliseconds.
            assert!(begun.elapsed() >= PATIENCE && begun.elapsed() < PATIENCE * 2);
            assert_eq!(heard, said);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn who_has_begun_a_request_has_all_the_time_the_library_gives_them() {
        let (mut theirs, mut ours) = line();
        for letter in b"PROP" {
            theirs.write_all(&[*letter]).await.unwrap();
            assert_eq!(ours.read_u8().await.unwrap(), *letter);
            tokio::time::sleep(PATIENCE / 3).await;
        }
        tokio::time::sleep(PATIENCE * 9).await;
        theirs.write_all(b"FIND").await.unwrap();
        drop(theirs);
        let mut heard = Vec::new();
        ours.read_to_end(&mut heard).await.unwrap();
        assert_eq!(heard, b"FIND");
    }

    #[tokio::test]
    async fn http_2_is_not_spoken() {
        for cut in 1..HTTP2.len() {
            let (mut theirs, mut ours) = line();
            let mut buffer = [0; 64];
            theirs.write_all(&HTTP2[..cut]).await.unwrap();
            assert_eq!(ours.read(&mut buffer).await.unwrap(), cut);
            theirs.write_all(&HTTP2[cut..]).await.unwrap();
            let error = ours.read(&mut buffer).await.unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::InvalidData);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_stop_waits_for_requests_whose_head_is_there_only() {
        let heads = ["GET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.1\nHost: a\n\n"];
        for head in heads {
            for came in [0, 1, head.len() - 1, head.len()] {
                let stopping = CancellationToken::new();
                let (mut theirs, ours) = duplex(256);
                let mut ours = Arrival::new(ours, PATIENCE, stopping.clone());
                // In two parts, since it comes as it likes.
                for part in [&head[..came / 2], &head[came / 2..came]] {
                    theirs.write_all(part.as_bytes()).await.unwrap();
                    ours.read_exact(&mut vec![0; part.len()]).await.unwrap();
                }
                stopping.cancel();
                let more = tokio::time::timeout(PATIENCE / 2, ours.read_u8()).await;
                if came == head.len() {
                    assert!(more.is_err(), "its body may still come: {more:?}");
                } else {
                    let error = more.unwrap().unwrap_err();
                    assert_eq!(error.kind(), io::ErrorKind::ConnectionAborted, "{came}");
                }
            }
        }
    }

    /// Never lets anybody in.
    #[derive(Clone)]
    struct Never;

    impl Accept<(), ()> for Never {
        type Stream = ();
        type Service = ();
        type Future = std::future::Pending<io::Result<((), ())>>;

        fn accept(&self, (): (), (): ()) -> Self::Future {
            std::future::pending()
        }
    }

    #[tokio::test]
    async fn who_is_not_in_yet_does_not_hold_up_a_stop() {
        let stopping = CancellationToken::new();
        let accepted = Bounded::new(Never, PATIENCE, stopping.clone()).accept((), ());
        stopping.cancel();
        let error = accepted.await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::ConnectionAborted);
    }
}
