//! Credentials to a user. The only reader of cookies, and the only maker of ids and tokens.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use axum::http::{HeaderMap, HeaderValue, header};
use sha2::{Digest, Sha256};
use stonechat_shared::UserId;
use stonechat_shared::frame::{Role, User};

use crate::random;

/// The name of the cookie that carries a session's token.
const COOKIE: &str = "stonechat_session";
/// How long a browser keeps it.
const COOKIE_SECONDS: u64 = 365 * 24 * 60 * 60;
/// How long a ticket waits for its one use: the time to open a socket on a slow network.
pub const TICKET: Duration = Duration::from_secs(30);
/// Tickets that may wait at once; the oldest make place.
const TICKETS: usize = 10_000;

/// What came with a request, in the order in which it counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credential {
    /// `Authorization: Bearer`. One that is not valid is refused: who sends it means to be somebody.
    Bearer(String),
    /// The session cookie. One that is not valid any more is as good as none.
    Cookie(String),
    None,
}

impl Credential {
    pub fn of(headers: &HeaderMap) -> Self {
        let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        // The scheme's name has no case (RFC 9110, 11.1).
        let scheme_and_token = bearer.and_then(|value| value.split_once(' '));
        if let Some((_, token)) = scheme_and_token.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")) {
            return Self::Bearer(token.trim().to_owned());
        }
        let cookies = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
        let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        match pairs.find(|(name, _)| *name == COOKIE) {
            Some((_, token)) => Self::Cookie(token.to_owned()),
            None => Self::None,
        }
    }

    /// As which the session is kept.
    pub fn digest(&self) -> Option<SessionDigest> {
        match self {
            Self::Bearer(token) | Self::Cookie(token) => Some(digest(token)),
            Self::None => None,
        }
    }
}

/// `Set-Cookie` for a new session. Pages that came by https get a cookie that never travels without it.
pub fn cookie(token: &str, headers: &HeaderMap) -> HeaderValue {
    set_cookie(token, COOKIE_SECONDS, headers)
}

/// `Set-Cookie` that takes the cookie away.
pub fn no_cookie(headers: &HeaderMap) -> HeaderValue {
    set_cookie("", 0, headers)
}

fn set_cookie(token: &str, seconds: u64, headers: &HeaderMap) -> HeaderValue {
    let https = headers.get(header::ORIGIN).is_some_and(|origin| origin.as_bytes().starts_with(b"https://"));
    let secure = if https { "; Secure" } else { "" };
    let text = format!("{COOKIE}={token}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    HeaderValue::try_from(text).expect("a token is of letters and digits")
}

/// A new session's token: 160 bits, not to be guessed.
pub fn token() -> String {
    random::name(32)
}

pub fn digest(token: &str) -> SessionDigest {
    Sha256::digest(token.as_bytes()).into()
}

/// Somebody who has not said who they are.
pub fn guest() -> User {
    let id = random::name(12);
    User { name: format!("Guest {}", &id[..4]), id: user_id(&id), role: Role::Guest, away: false }
}

pub fn member(name: String) -> User {
    User { id: user_id(&random::name(12)), name, role: Role::Member, away: false }
}

fn user_id(random: &str) -> UserId {
    UserId::from(format!("u_{random}"))
}

/// As which a session is kept.
pub type SessionDigest = [u8; 32];

/// Credentials for one connection each, for pages that can send neither header nor cookie. Each stands for a session: it
/// is worth nothing once that has ended.
#[derive(Debug, Default)]
pub struct Tickets(Mutex<HashMap<String, (SessionDigest, Instant)>>);

impl Tickets {
    pub fn issue(&self, session: SessionDigest) -> String {
        let mut tickets = self.0.lock().expect("nobody panics holding it");
        if tickets.len() >= TICKETS {
            tickets.retain(|_, (_, at)| at.elapsed() < TICKET);
        }
        if tickets.len() >= TICKETS {
            let oldest = tickets.iter().min_by_key(|(_, (_, at))| *at).map(|(ticket, _)| ticket.clone());
            oldest.and_then(|ticket| tickets.remove(&ticket));
        }
        let ticket = token();
        tickets.insert(ticket.clone(), (session, Instant::now()));
        ticket
    }

    /// For which session it stands. It is worth nothing afterwards.
    pub fn redeem(&self, ticket: &str) -> Option<SessionDigest> {
        let (session, at) = self.0.lock().expect("nobody panics holding it").remove(ticket)?;
        (at.elapsed() < TICKET).then_some(session)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bearer_token_counts_before_a_cookie() {
        let mut headers = HeaderMap::new();
        assert_eq!(Credential::of(&headers), Credential::None);
        headers.insert(header::COOKIE, HeaderValue::from_static("theme=dark; stonechat_session=abc"));
        assert_eq!(Credential::of(&headers), Credential::Cookie("abc".into()));
        headers.insert(header::AUTHORIZATION, HeaderValue::from_static("Bearer xyz"));
        assert_eq!(Credential::of(&headers), Credential::Bearer("xyz".into()));
    }

    #[test]
    fn a_ticket_is_good_once() {
        let tickets = Tickets::default();
        let ticket = tickets.issue(digest("token"));
        assert_eq!(tickets.redeem(&ticket), Some(digest("token")));
        assert_eq!(tickets.redeem(&ticket), None);
    }
}
