//! Accepts connections, and gives up on those whose other end does not read.

use std::io::{self, IoSlice};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::time::Sleep;

#[derive(Debug)]
pub(crate) struct Listening {
    tcp: TcpListener,
    stall: Duration,
}

impl Listening {
    /// A connection that takes nothing for as long as `stall` is over.
    pub(crate) fn new(tcp: TcpListener, stall: Duration) -> Self {
        Self { tcp, stall }
    }
}

impl Listener for Listening {
    type Io = Watched;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Watched, SocketAddr) {
        let (stream, address) = Listener::accept(&mut self.tcp).await;
        // A chat line is a small packet that must not wait for the next one.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "nodelay");
        }
        let flow = Arc::default();
        (Watched { stream, stall: self.stall, deadline: None, flow }, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.tcp.local_addr()
    }
}

/// Where a request comes from, and whether what it is answered gets there.
#[derive(Clone, Debug)]
pub(crate) struct Peer(pub(crate) SocketAddr, pub(crate) Arc<Flow>);

impl Connected<IncomingStream<'_, Listening>> for Peer {
    fn connect_info(stream: IncomingStream<'_, Listening>) -> Self {
        Self(*stream.remote_addr(), Arc::clone(&stream.io().flow))
    }
}

/// Whether a connection takes what is written to it. The HTTP library asks a streamed answer for more until it has half
/// a megabyte in hand, for each client that does not read: an answer that may be endless asks here first.
#[derive(Debug, Default)]
pub struct Flow {
    full: AtomicBool,
    emptied: Notify,
}

impl Flow {
    /// Until the connection has taken everything that was said before.
    pub(crate) async fn drained(&self) {
        // The library writes what it has as soon as it is told that there is no more for now.
        tokio::task::yield_now().await;
        while self.full.load(Ordering::Acquire) {
            self.emptied.notified().await;
        }
    }

    fn note(&self, full: bool) {
        if self.full.swap(full, Ordering::AcqRel) && !full {
            self.emptied.notify_one();
        }
    }
}

/// A connection whose writes fail once none of them could get on for too long. Without this an answer that streams (the
/// events of a room, say) would wait for ever for a client that sleeps.
#[derive(Debug)]
pub(crate) struct Watched {
    stream: TcpStream,
    stall: Duration,
    /// Only while a write waits: a quiet connection costs no timer.
    deadline: Option<Pin<Box<Sleep>>>,
    flow: Arc<Flow>,
}

impl Watched {
    fn judge<T>(&mut self, context: &mut Context<'_>, progress: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        self.flow.note(progress.is_pending());
        if progress.is_ready() {
            self.deadline = None;
            return progress;
        }
        let stall = self.stall;
        let deadline = self.deadline.get_or_insert_with(|| Box::pin(tokio::time::sleep(stall)));
        match deadline.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl AsyncRead for Watched {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Watched {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let progress = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.judge(context, progress)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let progress = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.judge(context, progress)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
