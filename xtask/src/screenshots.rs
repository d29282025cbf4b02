//! What it looks like: `target/screenshots`, in sizes, themes and languages, in both browsers.

use crate::shell::{self, Outcome};
use crate::{build, tools};

pub(crate) fn screenshots(filters: &[String]) -> Outcome {
    let browsers = tools::for_browsing()?;
    let binary = build::release()?;
    shell::run(
        shell::cargo()
            .args(["run", "--quiet", "-p", "stonechat-e2e", "--bin", "screenshots", "--"])
            .args(filters)
            .env("STONECHAT_BIN", &binary)
            .env("PATH", browsers.path()),
        "The screenshots could not be taken: read what is said above.",
    )
}
