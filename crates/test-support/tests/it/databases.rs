//! Databases are fresh, reachable, and gone afterwards.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, thread};

use test_support::{Backend, PostgresServer, SERVER_VARIABLE, TestDatabase, backends, psql};

/// Set in the copy of this process that gets killed.
const VICTIM: &str = "TEST_SUPPORT_VICTIM";

backends! {
    /// Two databases of one test share nothing.
    fn are_distinct(db: &TestDatabase) {
        let other = match db.backend() {
            Backend::Sqlite => TestDatabase::sqlite(),
            Backend::Postgres => TestDatabase::postgres().expect("there was one just now"),
        };
        assert_ne!(db.url(), other.url());
    }

    /// The macro takes several functions, and bodies that use nothing from outside.
    fn have_an_address(db: &TestDatabase) {
        assert!(db.url().starts_with("sqlite:") || db.url().starts_with("postgres"));
    }
}

fn ask(url: &str, question: &str) -> String {
    let output = psql(url).args(["-A", "-t", "-c", question]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

#[test]
fn sqlite_folder_vanishes() {
    let db = TestDatabase::sqlite();
    let path = db.path().unwrap();
    assert_eq!(db.url(), format!("sqlite:{}", path.display()));
    fs::write(&path, "anything").unwrap();
    drop(db);
    assert!(!path.exists());
}

#[test]
fn postgres_holds_any_text_sorts_by_code_point_and_vanishes() {
    let Some(db) = TestDatabase::postgres() else {
        return;
    };
    let server = ask(db.url(), "select current_setting('server_encoding')");
    assert_eq!(server, "UTF8");
    assert_eq!(ask(db.url(), "select '€' || 'ß'"), "€ß");
    let name = ask(db.url(), "select current_database()");
    let other = TestDatabase::postgres().unwrap();
    let count = format!("select count(*) from pg_database where datname = '{name}'");
    assert_eq!(ask(other.url(), &count), "1");
    drop(db);
    assert_eq!(ask(other.url(), &count), "0");
}

#[test]
fn own_server_is_durable_is_not_in_utc_and_dies_with_its_process() {
    if let Some(answer) = env::var_os(VICTIM) {
        return be_the_victim(Path::new(&answer));
    }
    if TestDatabase::postgres().is_none() {
        return;
    }
    let (mut victim, url) = victim();
    if env::var_os(SERVER_VARIABLE).is_some() && !url.starts_with("postgres:") {
        // Another machine's server is named, and none is installed here.
        return;
    }
    assert_eq!(ask(&url, "show fsync"), "on");
    assert_eq!(ask(&url, "select 'Z' < 'a' and 'z' < 'ä'"), "t");
    assert_eq!(ask(&url, "select extract(timezone from now())::int"), "20700");
    let folder = ask(&url, "show data_directory");

    victim.kill().unwrap();
    victim.wait().unwrap();
    let patience = Instant::now() + Duration::from_mins(1);
    while Path::new(&folder).parent().unwrap().exists() {
        assert!(Instant::now() < patience, "{folder} is still there");
        thread::yield_now();
    }
    let refused = psql(&url).args(["-c", "select 1"]).output().unwrap();
    assert!(!refused.status.success(), "the server still answers");
}

/// Starts a server, tells its URL, and waits to be killed.
fn be_the_victim(answer: &Path) {
    let server = PostgresServer::find_or_start();
    let url = server.as_ref().map_or_else(ToString::to_string, |s| s.url().to_owned());
    fs::write(answer, url).unwrap();
    std::io::stdin().read_line(&mut String::new()).unwrap();
}

/// A process with a server of its own, and the server's URL, or why there is none.
fn victim() -> (Child, String) {
    let folder = tempfile::tempdir().unwrap();
    let answer = folder.path().join("url");
    let made = Command::new("mkfifo").arg(&answer).status().unwrap();
    assert!(made.success());
    let test = "databases::own_server_is_durable_is_not_in_utc_and_dies_with_its_process";
    let victim = Command::new(env::current_exe().unwrap())
        .args(["--exact", test])
        .env(VICTIM, &answer)
        .env_remove(SERVER_VARIABLE)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    (victim, fs::read_to_string(&answer).unwrap())
}
