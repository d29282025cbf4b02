//! Who asks, by whatever way in: their credentials, their language, their address.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts, Query};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use stonechat_shared::frame::{Role, User};
use stonechat_shared::{PROTOCOL_VERSION, UserId};

use crate::app::App;
use crate::auth::{self, Credential, SessionDigest};
use crate::listen::{Flow, Peer};
use crate::origin;
use crate::refusal::{Answer, Lang, Refusal};

/// Somebody who asks and is answered, by plain HTTP.
pub(crate) struct Asker {
    pub(crate) user: Option<User>,
    pub(crate) credential: Credential,
    pub(crate) lang: Lang,
    pub(crate) address: IpAddr,
}

impl FromRequestParts<Arc<App>> for Asker {
    type Rejection = Answer;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Answer> {
        let lang = Lang::of(&parts.headers);
        let credential = Credential::of(&parts.headers);
        let user = app.identify(&credential).await.map_err(|refusal| Answer(refusal, lang))?;
        Ok(Self { user, credential, lang, address: peer(parts).0.ip() })
    }
}

impl Asker {
    pub(crate) fn answer<T>(&self, result: Result<T, Refusal>) -> Result<T, Answer> {
        result.map_err(|refusal| Answer(refusal, self.lang))
    }

    /// Who reads: somebody, or a guest where guests are admitted.
    pub(crate) fn reader(&self, app: &App) -> Result<User, Answer> {
        match &self.user {
            Some(user) => Ok(user.clone()),
            None if app.config.guests => {
                Ok(User { id: UserId::default(), name: String::new(), role: Role::Guest, away: false })
            }
            None => Err(Answer(Refusal::NotSignedIn, self.lang)),
        }
    }

    pub(crate) fn signed_in(&self) -> Result<&User, Answer> {
        self.answer(self.user.as_ref().ok_or(Refusal::NotSignedIn))
    }

    pub(crate) fn body<T: DeserializeOwned>(&self, bytes: &[u8]) -> Result<T, Answer> {
        self.answer(serde_json::from_slice(bytes).map_err(|error| Refusal::BadFrame(error.to_string())))
    }
}

/// Somebody who speaks the wire of `docs/protocol.md`, over whichever transport.
#[derive(Debug)]
pub struct Caller {
    /// Nobody where they have no credentials: a guest, if guests are admitted.
    pub user: Option<User>,
    /// The digest of the session that they came with, where there was one.
    pub session: Option<SessionDigest>,
    pub lang: Lang,
    pub address: IpAddr,
    /// Whether they take what they are answered.
    pub flow: Arc<Flow>,
    /// Whether they speak our version of the wire.
    pub version: bool,
    /// Whom they mean to be, where they say so.
    pub claims: Option<UserId>,
}

/// What a connection may say of itself in its address, where a page can set no header.
#[derive(Debug, Deserialize)]
struct Params {
    v: Option<String>,
    ticket: Option<String>,
    lang: Option<String>,
    #[serde(rename = "as")]
    claims: Option<UserId>,
}

impl FromRequestParts<Arc<App>> for Caller {
    type Rejection = Answer;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Answer> {
        let lang = Lang::of(&parts.headers);
        let params = Query::<Params>::try_from_uri(&parts.uri);
        let Query(params) = params.map_err(|error| Answer(Refusal::BadFrame(error.body_text()), lang))?;
        let lang = params.lang.as_deref().and_then(Lang::parse).unwrap_or(lang);
        if !origin::is_allowed(&parts.headers, &parts.uri, &app.config.allow_origin) {
            return Err(Answer(Refusal::BadOrigin, lang));
        }
        let known = identify(app, &parts.headers, params.ticket.as_deref());
        let (user, session) = known.await.map_err(|refusal| Answer(refusal, lang))?;
        let Peer(peer, flow) = peer(parts);
        let version = params.v.is_none_or(|v| v == PROTOCOL_VERSION.to_string());
        let (address, flow) = (peer.ip(), Arc::clone(flow));
        Ok(Self { user, session, lang, address, flow, version, claims: params.claims })
    }
}

impl Caller {
    /// The person: a new guest where they are nobody yet and guests are admitted.
    pub(crate) fn person(&self, app: &App) -> Option<User> {
        self.user.clone().or_else(|| app.config.guests.then(auth::guest))
    }
}

fn peer(parts: &Parts) -> &Peer {
    // `serve` gives every request its peer.
    let ConnectInfo(peer) = parts.extensions.get::<ConnectInfo<Peer>>().expect("the peer is known");
    peer
}

/// Who it is, and by which session.
async fn identify(
    app: &App,
    headers: &HeaderMap,
    ticket: Option<&str>,
) -> Result<(Option<User>, Option<SessionDigest>), Refusal> {
    let credential = Credential::of(headers);
    let known = app.identify(&credential).await?;
    match (known, ticket) {
        (None, Some(ticket)) => {
            let session = app.tickets.redeem(ticket).ok_or(Refusal::NotSignedIn)?;
            let user = app.by_session(session).await?.ok_or(Refusal::NotSignedIn)?;
            Ok((Some(user), Some(session)))
        }
        (known, _) => Ok((known, credential.digest())),
    }
}
