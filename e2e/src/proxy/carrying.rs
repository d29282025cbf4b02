//! One connection through the proxy: its head is looked at, everything after it is bytes.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::{Arc, MutexGuard};

use super::{Faults, Shared, Way};

impl Shared {
    pub(super) fn faults(&self) -> MutexGuard<'_, Faults> {
        self.faults.lock().expect("nobody panics holding it")
    }

    fn remember(&self, stream: &TcpStream) -> std::io::Result<()> {
        self.open.lock().expect("nobody panics holding it").push(stream.try_clone()?);
        Ok(())
    }

    pub(super) fn carry(self: &Arc<Self>, mut client: TcpStream) -> std::io::Result<()> {
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
        let faults = *self.faults();
        let is_socket = upgrades(&head);
        let head = self.rewritten(&head);
        self.waits_while_holding();
        let mut server = TcpStream::connect(self.server)?;
        self.remember(&server)?;
        server.set_nodelay(true)?;
        if !self.passes(Way::Up, head.as_bytes(), &mut server)? {
            return client.shutdown(Shutdown::Both);
        }
        if faults.mutes_sockets && is_socket {
            return self.opens_and_swallows(server, client);
        }
        let (shared, from, to) = (Arc::clone(self), client.try_clone()?, server.try_clone()?);
        if faults.deafens_sockets && is_socket {
            std::thread::spawn(move || drop(swallow(from, &to)));
        } else {
            std::thread::spawn(move || drop(shared.copy(Way::Up, from, to, head.len())));
        }
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
        let upgrades = upgrades(head);
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
                self.vanishes();
                continue;
            }
            let limit = match way {
                Way::Up => faults.cuts_up_after,
                Way::Down => faults.cuts_down_after,
            };
            let passes = limit.map_or(read, |limit| limit.saturating_sub(done).min(read));
            let goes_on = self.passes(way, &buffer[..passes], &mut to)?;
            done += passes;
            if passes < read || !goes_on {
                drop(from.shutdown(Shutdown::Both));
                return to.shutdown(Shutdown::Both);
            }
        }
    }

    /// Passes on as much as the fuse lets; answers whether that was everything.
    fn passes(&self, way: Way, bytes: &[u8], to: &mut TcpStream) -> std::io::Result<bool> {
        let mut fuse = self.fuse.lock().expect("nobody panics holding it");
        let left = match *fuse {
            Some((limited, left)) if limited == way => left,
            Some(_) | None => usize::MAX,
        };
        if left <= bytes.len() {
            *fuse = None;
            self.toll.lock().expect("nobody panics holding it").cuts += 1;
        } else if left < usize::MAX {
            *fuse = Some((way, left - bytes.len()));
        }
        drop(fuse);
        to.write_all(&bytes[..left.min(bytes.len())])?;
        Ok(left > bytes.len())
    }

    /// Lets the answer to a request for a socket through, and nothing after it.
    fn opens_and_swallows(&self, mut server: TcpStream, mut client: TcpStream) -> std::io::Result<()> {
        let mut head = Vec::new();
        let mut byte = [0];
        while !head.ends_with(b"\r\n\r\n") && server.read(&mut byte)? > 0 {
            head.extend(byte);
        }
        client.write_all(&head)?;
        while server.read(&mut byte)? > 0 {}
        Ok(())
    }

    fn vanishes(&self) {
        self.toll.lock().expect("nobody panics holding it").losses += 1;
        self.taken.notify_all();
    }

    fn waits_while_holding(&self) {
        let faults = self.faults();
        drop(self.changed.wait_while(faults, |faults| faults.holds).expect("nobody panics holding it"));
    }
}

/// Nothing of it arrives but its end.
fn swallow(mut from: TcpStream, to: &TcpStream) -> std::io::Result<()> {
    std::io::copy(&mut from, &mut std::io::sink())?;
    to.shutdown(Shutdown::Write)
}

/// Whether a request asks for a socket.
fn upgrades(head: &str) -> bool {
    head.lines().any(|line| is(line, "upgrade:"))
}

fn is(line: &str, name: &str) -> bool {
    line.to_ascii_lowercase().starts_with(name)
}
