//! Which web pages may talk to this server. Programs that are not browsers send no `Origin` and are not concerned.

use axum::http::{HeaderMap, Uri, header};

/// Whether a request with these headers comes from a page of our own, or one that the operator allowed.
pub fn is_allowed(headers: &HeaderMap, uri: &Uri, allowed: &[String]) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let Ok(origin) = origin.to_str() else { return false };
    if allowed.iter().any(|one| one.trim_end_matches('/').eq_ignore_ascii_case(origin)) {
        return true;
    }
    let Some((_, page)) = origin.split_once("://") else { return false };
    // HTTP/2 has no Host header; there the authority is in the URI.
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    host.or_else(|| uri.authority().map(|authority| authority.as_str())).is_some_and(|host| is_same(page, host))
}

fn is_same(page: &str, host: &str) -> bool {
    page.eq_ignore_ascii_case(host) || is_behind_dev_proxy(page, host)
}

/// Trunk's proxy rewrites `Host` to the server's address without its port, so a page of this very machine is known by
/// its name alone. That gives no other machine's page a way in.
fn is_behind_dev_proxy(page: &str, host: &str) -> bool {
    const THIS_MACHINE: [&str; 3] = ["127.0.0.1", "localhost", "[::1]"];
    let name = page.rsplit_once(':').map_or(page, |(name, _port)| name);
    THIS_MACHINE.contains(&host) && THIS_MACHINE.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(origin: Option<&str>, host: &str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().unwrap());
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, origin.parse().unwrap());
        }
        is_allowed(&headers, &Uri::from_static("/ws"), &["https://site.example".into()])
    }

    #[test]
    fn our_own_pages_and_those_on_the_list_may_talk_to_us() {
        assert!(allowed(None, "chat.example"));
        assert!(allowed(Some("https://chat.example"), "chat.example"));
        assert!(allowed(Some("http://127.0.0.1:8080"), "127.0.0.1:8080"));
        assert!(allowed(Some("https://site.example"), "chat.example"));
    }

    #[test]
    fn a_foreign_page_may_not() {
        for origin in ["https://evil.example", "null", "https://chat.example.evil.example", "https://chat.example:444"]
        {
            assert!(!allowed(Some(origin), "chat.example"), "{origin}");
        }
        assert!(!allowed(Some("http://127.0.0.1:9999"), "127.0.0.1:8080"));
        assert!(!allowed(Some("https://evil.example"), "127.0.0.1"));
    }

    #[test]
    fn a_page_behind_the_development_proxy_may() {
        assert!(allowed(Some("http://127.0.0.1:8081"), "127.0.0.1"));
        assert!(allowed(Some("http://localhost:8081"), "127.0.0.1"));
    }
}
