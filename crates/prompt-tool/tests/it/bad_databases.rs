//! Databases that cannot be used: each a clear error, and nothing changed.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use test_support::{Backend, TestDatabase, backends, psql};

use crate::tool::{Tool, assert_says, error_of};

fn sql(db: &TestDatabase, statement: &str) -> String {
    let output = psql(db.url()).args(["-At", "-c", statement]).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// Commands that open a database, one of each kind.
const COMMANDS: [&str; 6] = [
    "project list",
    "project add x",
    "orchestration plan F",
    "orchestration template list",
    "db migrate",
    "db rollback",
];

#[test]
fn a_file_that_is_not_a_database() {
    let tool = Tool::alone();
    let long = "not a database, ".repeat(1000);
    for content in ["x", "SQLite format 3\0 and then nothing of it", long.as_str()] {
        tool.file("junk", content);
        for command in COMMANDS {
            let error = tool.fails(1, &format!("--database sqlite:junk {command}"));
            assert_says(&error, "message", "junk");
        }
        assert_eq!(fs::read(tool.home().join("junk")).unwrap(), content.as_bytes());
        let names: Vec<_> = fs::read_dir(tool.home()).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert_eq!(names, ["junk"], "nothing beside it");
    }
}

#[test]
fn a_folder_is_not_a_database() {
    let tool = Tool::alone();
    tool.within("folder");
    for command in COMMANDS {
        tool.fails(1, &format!("--database sqlite:folder {command}"));
    }
    assert_eq!(fs::read_dir(tool.home().join("folder")).unwrap().count(), 0);
}

#[test]
fn a_url_that_is_none() {
    let tool = Tool::alone();
    for url in ["mysql://localhost/x", "nonsense", "sqlite:", "http://example.org"] {
        for command in ["project list", "db status", "doctor"] {
            tool.fails(2, &format!("--database {url} {command}"));
        }
    }
    assert_eq!(fs::read_dir(tool.home()).unwrap().count(), 0);
}

#[test]
fn a_postgres_that_cannot_be_reached() {
    let tool = Tool::alone();
    for command in COMMANDS.into_iter().chain(["db status"]) {
        for format in ["table", "json"] {
            let words = format!("--format {format} --database postgres://ada:secret@127.0.0.1:1/x {command}");
            let ran = tool.run(&words);
            assert_eq!(ran.code, 1, "{ran:#?}");
            assert!(ran.stderr.contains("127.0.0.1:1"), "{ran:#?}");
            assert!(!format!("{ran:?}").contains("secret"), "{ran:#?}");
            if format == "json" {
                assert_says(&error_of(1, &ran), "hint", "prompt-tool doctor");
            }
        }
    }
}

#[test]
fn a_folder_that_is_read_only() {
    let tool = Tool::alone();
    tool.within("locked");
    let folder = tool.home().join("locked");
    set_mode(&folder, 0o555);
    for command in ["project list", "orchestration plan F", "db migrate"] {
        let words = format!("--format json --database sqlite:locked/new.db {command}");
        let error = error_of(1, &tool.unprivileged(&words));
        assert_says(&error, "message", "locked/new.db");
        assert_says(&error, "hint", "writable");
    }
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
    set_mode(&folder, 0o755);
}

#[test]
fn a_database_that_is_read_only() {
    let tool = Tool::alone();
    let locked = tool.within("locked");
    locked.json("--database sqlite:db project list");
    let folder = tool.home().join("locked");
    let before = fs::read(folder.join("db")).unwrap();
    for entry in fs::read_dir(&folder).unwrap() {
        set_mode(&entry.unwrap().path(), 0o444);
    }
    set_mode(&folder, 0o555);
    for command in ["project add x", "orchestration plan F"] {
        let ran = tool.unprivileged(&format!("--format json --database sqlite:locked/db {command}"));
        let error = error_of(1, &ran);
        assert_says(&error, "message", "readonly");
    }
    assert_eq!(fs::read(folder.join("db")).unwrap(), before);
    set_mode(&folder, 0o755);
}

#[test]
fn a_home_that_is_read_only() {
    let tool = Tool::alone();
    set_mode(tool.home(), 0o555);
    let ran = tool.unprivileged("--format json orchestration plan F");
    set_mode(tool.home(), 0o755);
    error_of(1, &ran);
    assert_eq!(fs::read_dir(tool.home()).unwrap().count(), 0);
}

backends! {
    /// A file is migrated by itself, a shared database by hand.
    fn a_database_without_schema(db: &TestDatabase) {
        let tool = Tool::beside(db);
        if db.backend() == Backend::Sqlite {
            let ran = tool.run("project list");
            assert_eq!(ran.code, 0, "{ran:#?}");
            assert!(ran.stderr.contains("New database"), "{ran:#?}");
            return;
        }
        for command in COMMANDS.into_iter().filter(|command| !command.starts_with("db")) {
            let error = tool.fails(5, command);
            assert_says(&error, "hint", "prompt-tool db migrate");
        }
        let tables = sql(db, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'");
        assert_eq!(tables.trim(), "0", "nothing was made");
        assert_eq!(tool.json("db status")["state"], "empty");
    }

    /// On SQLite the tests of prompt-model do this, which can write to the file.
    fn a_schema_that_is_newer(db: &TestDatabase) {
        let tool = Tool::on(db);
        if db.backend() == Backend::Sqlite {
            return;
        }
        let session = tool.plan("Feature");
        let before = tool.everything();
        sql(db, "INSERT INTO __diesel_schema_migrations (version) VALUES ('20990101000000')");
        let show = format!("orchestration show {session}");
        for command in COMMANDS.into_iter().chain([show.as_str(), "db rollback --steps 2"]) {
            let error = tool.fails(5, command);
            assert_says(&error, "hint", "nothing was changed");
        }
        let ran = tool.run("doctor");
        assert_eq!(ran.code, 1, "{ran:#?}");
        assert!(ran.stdout.contains("newer") || ran.stdout.contains("unknown"), "{ran:#?}");
        sql(db, "DELETE FROM __diesel_schema_migrations WHERE version = '20990101000000'");
        assert_eq!(tool.everything(), before);
    }

    fn tables_of_somebody_else(db: &TestDatabase) {
        if db.backend() == Backend::Sqlite {
            return;
        }
        let tool = Tool::beside(db);
        sql(db, "CREATE TABLE invoices (id integer); INSERT INTO invoices VALUES (7)");
        for command in ["db migrate", "project list", "orchestration plan F"] {
            let error = tool.fails(5, command);
            assert_says(&error, "message", "invoices");
            assert_says(&error, "hint", "nothing was changed");
        }
        let tables = sql(db, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'");
        assert_eq!(tables.trim(), "invoices");
    }
}

#[cfg(not(feature = "postgres-tls"))]
#[test]
fn tls_that_the_build_does_not_have() {
    let tool = Tool::alone();
    let error = tool.fails(1, "--database postgres://ada@127.0.0.1:1/x?sslmode=require project list");
    assert_says(&error, "hint", "postgres-tls");
}
