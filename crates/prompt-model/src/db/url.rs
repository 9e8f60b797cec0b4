//! Database URLs: `sqlite:PATH` and `postgres://...`; shown without their password.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use crate::{Error, Result};

/// Where a database is.
///
/// ```
/// use prompt_model::DatabaseUrl;
/// let url: DatabaseUrl = "postgres://ada:secret@db.example/prompts".parse()?;
/// assert_eq!(url.to_string(), "postgres://ada:***@db.example/prompts");
/// # Ok::<(), prompt_model::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// An SQLite file.
    Sqlite(PathBuf),
    /// A PostgreSQL server.
    Postgres(PostgresUrl),
}

/// The URL of a PostgreSQL server. `Display` and `Debug` hide its password.
#[derive(Clone, PartialEq, Eq)]
pub struct PostgresUrl(url::Url);

/// Query parameters of libpq whose values are secrets.
const SECRET_PARAMETERS: [&str; 2] = ["password", "sslpassword"];

impl DatabaseUrl {
    /// The kind, as it is shown: `sqlite` or `postgres`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "sqlite",
            Self::Postgres(_) => "postgres",
        }
    }
}

impl PostgresUrl {
    /// What libpq is given: the URL, with a bound on the time that connecting may take.
    #[cfg(feature = "postgres")]
    pub(super) fn for_libpq(&self) -> String {
        const CONNECT_TIMEOUT_SECONDS: &str = "10";
        let mut url = self.0.clone();
        if !url.query_pairs().any(|(key, _)| key == "connect_timeout") {
            url.query_pairs_mut().append_pair("connect_timeout", CONNECT_TIMEOUT_SECONDS);
        }
        url.to_string()
    }

    /// Takes the secrets of this URL out of a message of the driver.
    #[cfg(feature = "postgres")]
    pub(super) fn redact(&self, message: &str) -> String {
        let mut secrets: Vec<String> = self.0.password().map(str::to_owned).into_iter().collect();
        secrets.extend(
            self.0
                .query_pairs()
                .filter(|(key, _)| SECRET_PARAMETERS.contains(&key.as_ref()))
                .map(|(_, value)| value.into_owned()),
        );
        secrets
            .iter()
            .filter(|secret| !secret.is_empty())
            .fold(message.to_owned(), |text, secret| text.replace(secret.as_str(), "***"))
    }
}

impl fmt::Display for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = self.0.clone();
        if shown.password().is_some() && shown.set_password(Some("***")).is_err() {
            return f.write_str("postgres://***");
        }
        let pairs: Vec<(String, String)> = shown.query_pairs().into_owned().collect();
        if pairs.iter().any(|(key, _)| SECRET_PARAMETERS.contains(&key.as_str())) {
            shown.query_pairs_mut().clear().extend_pairs(pairs.iter().map(|(key, value)| {
                let hidden = SECRET_PARAMETERS.contains(&key.as_str());
                (key.as_str(), if hidden { "***" } else { value.as_str() })
            }));
        }
        f.write_str(shown.as_str())
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(url) => url.fmt(f),
        }
    }
}

impl fmt::Debug for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for DatabaseUrl {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let scheme = text.split_once(':').map_or("", |(scheme, _)| scheme);
        match scheme {
            "sqlite" => {
                let path = &text["sqlite:".len()..];
                let path = path.strip_prefix("//").unwrap_or(path);
                if path.is_empty() || path.contains('\0') {
                    return Err(bad_url(text, "it names no file; write sqlite:PATH"));
                }
                Ok(Self::Sqlite(PathBuf::from(path)))
            }
            "postgres" | "postgresql" if cfg!(feature = "postgres") => url::Url::parse(text)
                .map(|url| Self::Postgres(PostgresUrl(url)))
                .map_err(|error| bad_url(scheme, &error.to_string())),
            "postgres" | "postgresql" => Err(bad_url(scheme, "this build has no PostgreSQL")),
            _ => Err(bad_url(
                if scheme.is_empty() { text } else { scheme },
                "write sqlite:PATH or postgres://USER@HOST/NAME",
            )),
        }
    }
}

/// A URL that cannot be parsed may hold a password anywhere, so callers give no more than its scheme.
fn bad_url(shown: &str, reason: &str) -> Error {
    Error::BadUrl { url: shown.to_owned(), reason: reason.to_owned() }
}
