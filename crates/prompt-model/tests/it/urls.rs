//! Database URLs: what they are, and what is never shown of them.

use prompt_model::{Database, DatabaseUrl, OpenOptions};

#[test]
fn a_password_is_never_shown() {
    for url in [
        "postgres://ada:s3cret@127.0.0.1:1/prompts",
        "postgres://ada@127.0.0.1:1/prompts?password=s3cret&sslmode=disable",
    ] {
        let url: DatabaseUrl = url.parse().unwrap();
        let error = Database::open(&url, &OpenOptions::default()).unwrap_err();
        for shown in [url.to_string(), format!("{url:?}"), error.to_string(), format!("{error:?}")] {
            assert!(!shown.contains("s3cret"), "{shown}");
            assert!(shown.contains("127.0.0.1"), "{shown}");
        }
    }
}

#[test]
fn what_is_no_url_is_refused_without_repeating_it() {
    for bad in ["", "mysql://ada:s3cret@host/db", "sqlite:", "postgres://ada:s3cret@host:notaport/db"] {
        let error = bad.parse::<DatabaseUrl>().unwrap_err().to_string();
        assert!(!error.contains("s3cret"), "{error}");
    }
}

#[test]
fn paths_of_sqlite_are_taken_literally() {
    for text in ["sqlite:a.db", "sqlite:/tmp/a b.db", "sqlite:///tmp/a?mode=memory"] {
        let DatabaseUrl::Sqlite(path) = text.parse().unwrap() else { panic!("{text}") };
        assert!(!path.as_os_str().is_empty());
    }
}
