//! Every route in one list, and what every answer carries.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use stonechat_shared::limits;

use crate::api;
use crate::app::App;
use crate::refusal::{Answer, Lang, Refusal};
use crate::{assets, events, origin, plain, ws};

/// What the pages of this server may do: load what it serves, talk to it, and run its WebAssembly. Nothing inline.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; \
    form-action 'self'; frame-ancestors 'self'";

pub(crate) fn routes(app: Arc<App>) -> Router {
    Router::new()
        .route("/ws", get(ws::upgrade))
        .route("/ws/{client}", get(plain::upgrade))
        .route("/events", get(events::events))
        .route("/command", post(events::command))
        .route("/api/session", get(api::session).post(api::sign_in).delete(api::sign_out))
        .route("/api/ticket", post(api::ticket))
        .route("/api/rooms", get(api::rooms).post(api::make_room))
        .route("/api/rooms/{room}", get(api::room))
        .route("/api/rooms/{room}/messages", get(api::messages))
        .route("/api/rooms/{room}/members", get(api::members::members))
        .route("/api/rooms/{room}/members/me", delete(api::private::leave))
        .route("/api/rooms/{room}/invites", get(api::private::invites).post(api::private::invite))
        .route("/api/rooms/{room}/invites/{invite}", delete(api::private::revoke))
        .route("/api/invites/{invite}", get(api::private::invitation).post(api::private::come_in))
        .route("/api/direct", post(api::private::direct))
        .route("/api/settings", get(api::settings::get).put(api::settings::put))
        .route("/api/search", get(api::search))
        .route("/api/users/{user}", get(api::user))
        .route("/api/files", post(api::upload))
        .route("/files/{file}", get(api::download))
        .route("/healthz", get(api::health))
        .route("/readyz", get(api::ready))
        .route("/metrics", get(api::metrics))
        .fallback(page)
        .layer(DefaultBodyLimit::max(limits::FRAME_BYTES))
        .layer(middleware::from_fn_with_state(Arc::clone(&app), guard))
        .with_state(app)
}

/// Before: a foreign page changes nothing here. After: headers that every answer has.
async fn guard(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let changes = ![Method::GET, Method::HEAD].contains(request.method());
    let mut response = if changes && !origin::is_allowed(request.headers(), request.uri(), &app.config.allow_origin) {
        Answer(Refusal::BadOrigin, Lang::of(request.headers())).into_response()
    } else {
        next.run(request).await
    };
    let mut set = |name: HeaderName, value: &'static str| {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    };
    set(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "no-referrer");
    set(header::CACHE_CONTROL, "no-store");
    response
}

/// The front end: its files, and its page for every address that is a place in the chat.
async fn page(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path();
    let place = path == "/" || ["/r/", "/i/", "/@"].iter().any(|place| path.starts_with(place));
    let asset = if place { assets::find("/") } else { assets::find(path) };
    let Some(asset) = asset.filter(|_| [Method::GET, Method::HEAD].contains(&method)) else {
        return Answer(Refusal::NoSuchPage, Lang::of(&headers)).into_response();
    };
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok()).unwrap_or_default();
    // Names do not change with their content: each is asked about again, and answered in a line when it is the same.
    let mut builder = Response::builder()
        .header(header::ETAG, asset.etag)
        .header(header::CACHE_CONTROL, "no-cache")
        .header(header::VARY, "Accept-Encoding");
    if text(header::IF_NONE_MATCH).split(',').any(|tag| tag.trim().trim_start_matches("W/") == asset.etag) {
        return builder.status(StatusCode::NOT_MODIFIED).body(Body::empty()).expect("the headers are plain");
    }
    let (encoding, bytes) = asset.encoded(text(header::ACCEPT_ENCODING));
    if let Some(encoding) = encoding {
        builder = builder.header(header::CONTENT_ENCODING, encoding);
    }
    builder
        .header(header::CONTENT_TYPE, asset.content_type)
        .header(header::CONTENT_LENGTH, bytes.len())
        .body(Body::from(bytes))
        .expect("the headers are plain")
}
