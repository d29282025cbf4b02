//! A network that misbehaves: a proxy before the server that can be told, while it runs, what to do to what passes.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};

/// What is done to what passes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// As some firewalls do: a request to upgrade arrives as a plain one.
    pub strips_upgrade: bool,
    /// As some proxies do: a stream is passed on when it has ended.
    pub buffers_streams: bool,
    /// What comes from the server vanishes; what goes to it arrives.
    pub drops_answers: bool,
    /// Everything vanishes, and nobody is told. A connection that lost something so never carries anything again.
    pub is_black_hole: bool,
    /// Connections open, and nothing passes until this ends.
    pub holds: bool,
    /// Each connection is cut after this many bytes from the server.
    pub cuts_down_after: Option<usize>,
    /// The same for bytes to the server.
    pub cuts_up_after: Option<usize>,
}

/// Dropped, it cuts what it carries.
#[derive(Debug)]
pub struct Proxy {
    addr: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    server: SocketAddr,
    faults: Mutex<Faults>,
    changed: Condvar,
    open: Mutex<Vec<TcpStream>>,
}

/// Which way bytes go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Up,
    Down,
}

impl Proxy {
    /// Before this server, on a free port.
    pub fn before(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
        let addr = listener.local_addr().expect("it has an address");
        let (faults, changed, open) = (Mutex::default(), Condvar::new(), Mutex::default());
        let shared = Arc::new(Shared { server, faults, changed, open });
        let accepting = Arc::clone(&shared);
        std::thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let shared = Arc::clone(&accepting);
                // A connection that fails is what this is for: its ends see it.
                std::thread::spawn(move || drop(shared.carry(client)));
            }
        });
        Self { addr, shared }
    }

    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    pub fn url(&self) -> String {
        format!("http://{}/", self.addr)
    }

    /// From now on, for connections that are open too.
    pub fn does(&self, faults: Faults) {
        *self.shared.faults() = faults;
        self.shared.changed.notify_all();
    }

    /// Everything passes again.
    pub fn heals(&self) {
        self.does(Faults::default());
    }

    /// Cuts every connection that is open now.
    pub fn cuts(&self) {
        for stream in self.shared.open.lock().expect("nobody panics holding it").drain(..) {
            // Closed already is as good.
            drop(stream.shutdown(Shutdown::Both));
        }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.cuts();
    }
}

impl Shared {
    fn faults(&self) -> MutexGuard<'_, Faults> {
        self.faults.lock().expect("nobody panics holding it")
    }

    fn remember(&self, stream: &TcpStream) -> std::io::Result<()> {
        self.open.lock().expect("nobody panics holding it").push(stream.try_clone()?);
        Ok(())
    }

    fn carry(self: &Arc<Self>, mut client: TcpStream) -> std::io::Result<()> {
        self.remember(&client)?;
        client.set_nodelay(true)?;
        let mut head = Vec::new();
        let mut byte = [0];
        while !head.ends_with(b"\r\n\r\n") {
            if client.read(&mut byte)? == 0 {
                return Ok(());
            }
            head.extend(byte);
        }
        let head = String::from_utf8_lossy(&head).into_owned();
        let buffers =
            self.faults().buffers_streams && head.starts_with("GET /events") && head.contains("text/event-stream");
        let head = self.rewritten(&head);
        self.waits_while_holding();
        let mut server = TcpStream::connect(self.server)?;
        self.remember(&server)?;
        server.set_nodelay(true)?;
        server.write_all(head.as_bytes())?;
        let (shared, from, to) = (Arc::clone(self), client.try_clone()?, server.try_clone()?);
        std::thread::spawn(move || drop(shared.copy(Way::Up, from, to, head.len())));
        if buffers {
            let mut all = Vec::new();
            server.read_to_end(&mut all)?;
            client.write_all(&all)?;
            return client.shutdown(Shutdown::Both);
        }
        self.copy(Way::Down, server, client, 0)
    }

    /// One request a connection, so that each has its head looked at.
    fn rewritten(&self, head: &str) -> String {
        let is = |line: &str, name: &str| line.to_ascii_lowercase().starts_with(name);
        let upgrades = head.lines().any(|line| is(line, "upgrade:"));
        let strips = upgrades && self.faults().strips_upgrade;
        let mut lines: Vec<&str> = head.trim_end().lines().collect();
        if strips {
            lines.retain(|line| !is(line, "upgrade:"));
        }
        if strips || !upgrades {
            lines.retain(|line| !is(line, "connection:"));
            lines.push("Connection: close");
        }
        lines.join("\r\n") + "\r\n\r\n"
    }

    /// `done`: bytes that went this way before.
    fn copy(&self, way: Way, mut from: TcpStream, mut to: TcpStream, mut done: usize) -> std::io::Result<()> {
        let mut buffer = [0; 16 * 1024];
        let mut is_dead = false;
        loop {
            let read = from.read(&mut buffer)?;
            if read == 0 {
                return if is_dead { Ok(()) } else { to.shutdown(Shutdown::Write) };
            }
            self.waits_while_holding();
            let faults = *self.faults();
            is_dead |= faults.is_black_hole || (way == Way::Down && faults.drops_answers);
            if is_dead {
                continue;
            }
            let limit = match way {
                Way::Up => faults.cuts_up_after,
                Way::Down => faults.cuts_down_after,
            };
            let passes = limit.map_or(read, |limit| limit.saturating_sub(done).min(read));
            to.write_all(&buffer[..passes])?;
            done += passes;
            if passes < read {
                drop(from.shutdown(Shutdown::Both));
                return to.shutdown(Shutdown::Both);
            }
        }
    }

    fn waits_while_holding(&self) {
        let faults = self.faults();
        drop(self.changed.wait_while(faults, |faults| faults.holds).expect("nobody panics holding it"));
    }
}
