//! The embedded front end: every file in every form, chosen by path and by what the browser accepts.

/// One file, as it was built.
#[derive(Debug)]
pub struct Asset {
    /// From the page's root on, without a slash in front: `style.css`.
    pub path: &'static str,
    pub content_type: &'static str,
    /// In its quotes, as the header wants it; all forms share it.
    pub etag: &'static str,
    pub identity: &'static [u8],
    /// Compressed, where that is smaller.
    pub brotli: Option<&'static [u8]>,
    pub gzip: Option<&'static [u8]>,
}

/// Sorted by path, by the build script.
static ASSETS: &[Asset] = include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// The file for a URL's path; `/` is the page itself.
pub fn find(path: &str) -> Option<&'static Asset> {
    let path = path.strip_prefix('/').unwrap_or(path);
    let path = if path.is_empty() { "index.html" } else { path };
    let at = ASSETS.binary_search_by(|asset| asset.path.cmp(path)).ok()?;
    ASSETS.get(at)
}

impl Asset {
    /// The `Content-Encoding` to name, and the bytes to send: the smallest form that the browser takes.
    pub fn encoded(&self, accept_encoding: &str) -> (Option<&'static str>, &'static [u8]) {
        for (name, form) in [("br", self.brotli), ("gzip", self.gzip)] {
            if let Some(bytes) = form
                && accepts(accept_encoding, name)
            {
                return (Some(name), bytes);
            }
        }
        (None, self.identity)
    }
}

/// Whether an `Accept-Encoding` takes this coding: named itself or by `*`, and not with `q=0`.
fn accepts(header: &str, coding: &str) -> bool {
    let mut by_star = false;
    for part in header.split(',') {
        let mut words = part.split(';').map(str::trim);
        let name = words.next().unwrap_or_default();
        let quality = words.find_map(|word| word.strip_prefix("q=").or_else(|| word.strip_prefix("Q=")));
        // A weight that nobody can read is no refusal.
        let wanted = quality.and_then(|quality| quality.trim().parse::<f32>().ok()).is_none_or(|weight| weight > 0.0);
        if name.eq_ignore_ascii_case(coding) {
            return wanted;
        }
        by_star |= name == "*" && wanted;
    }
    by_star
}

#[cfg(test)]
mod tests {
    use super::{Asset, accepts, find};

    const FILE: Asset = Asset {
        path: "a.css",
        content_type: "text/css; charset=utf-8",
        etag: "\"1\"",
        identity: b"identity",
        brotli: Some(b"brotli"),
        gzip: Some(b"gzip"),
    };

    #[test]
    fn the_root_is_the_page() {
        let page = find("/").expect("every build has a page");
        assert_eq!(page.path, "index.html");
        assert_eq!(page.content_type, "text/html; charset=utf-8");
        assert!(page.etag.starts_with('"') && page.etag.ends_with('"'));
        assert!(find("/index.html").is_some());
        assert!(find("/no/such/file").is_none());
        assert!(find("/../Cargo.toml").is_none());
    }

    #[test]
    fn the_smallest_form_that_is_accepted_is_sent() {
        assert_eq!(FILE.encoded("gzip, deflate, br, zstd"), (Some("br"), &b"brotli"[..]));
        assert_eq!(FILE.encoded("gzip, deflate"), (Some("gzip"), &b"gzip"[..]));
        assert_eq!(FILE.encoded(""), (None, &b"identity"[..]));
        assert_eq!(FILE.encoded("identity"), (None, &b"identity"[..]));
        let plain = Asset { brotli: None, ..FILE };
        assert_eq!(plain.encoded("br, gzip"), (Some("gzip"), &b"gzip"[..]));
    }

    #[test]
    fn a_form_of_weight_zero_is_not_sent() {
        assert_eq!(FILE.encoded("br;q=0, gzip;q=0.5"), (Some("gzip"), &b"gzip"[..]));
        assert_eq!(FILE.encoded("br; q=0.000, *"), (Some("gzip"), &b"gzip"[..]));
        assert!(accepts("*", "br"));
        assert!(!accepts("*;q=0", "br"));
        assert!(!accepts("brotli, x-gzip", "br"));
        assert!(accepts("BR;Q=1.0", "br"));
    }
}
