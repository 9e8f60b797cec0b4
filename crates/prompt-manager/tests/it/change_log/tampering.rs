//! A long log is tampered with by whoever may write to the database; the walk names the first bad entry.

use prompt_manager::model::{Change, Queries};
use prompt_manager::template::sha256_hex;
use prompt_manager::{LogHead, OrchestrationTemplateManager};
use serde_json::json;
use test_support::{Backend, TestDatabase, backends};

use crate::support::{add, manager, update};

const ENTRIES: i32 = 10_000;
const MIDDLE: i32 = 5_000;
const UNFIT: &str = "its digest does not fit: it, its digest, or the digest before it was changed";

/// A log of so many entries: most are copies of one, added at once, with the digests that belong to them. The
/// last is a change like any other.
fn long(manager: &OrchestrationTemplateManager) -> LogHead {
    add(manager, "default", "a", None);
    let fill = |q: &mut Queries<'_>| -> prompt_manager::Result<()> {
        let mut change = q.last_change()?.expect("the template was added");
        while change.sequence < ENTRIES - 1 {
            change.sequence += 1;
            change.details = json!({ "copy": change.sequence }).to_string();
            change.sha256 = digest(&change.sha256, &change);
            q.insert_change(&change)?;
        }
        Ok(())
    };
    manager.database().write(fill).unwrap();
    update(manager, "a", "second");
    manager.log_head().unwrap().unwrap()
}

/// Takes the protection off, and keeps a copy of the log.
fn open_up(db: &TestDatabase) {
    let on = match db.backend() {
        Backend::Sqlite => "",
        Backend::Postgres => " ON changes",
    };
    for trigger in ["update", "delete", "bypass"] {
        db.raw(&format!("DROP TRIGGER changes_refuse_{trigger}{on}")).unwrap();
    }
    db.raw("CREATE TABLE kept AS SELECT * FROM changes").unwrap();
}

fn restore(db: &TestDatabase) {
    db.raw("DELETE FROM changes; INSERT INTO changes SELECT * FROM kept").unwrap();
}

/// What is done to the log, the first bad entry, and what is said of it.
fn damages(backend: Backend) -> Vec<(String, i32, String)> {
    let (first, middle, next) = (1, MIDDLE, MIDDLE + 1);
    let unfit = |sql: String, at: i32| (sql, at, UNFIT.to_owned());
    let edit = |what: &str| unfit(format!("UPDATE changes SET {what} WHERE sequence = {middle}"), middle);
    let (later, longer) = match backend {
        Backend::Sqlite => ("at = '2020-01-01 00:00:00.000000'", "details = details || ' '"),
        Backend::Postgres => ("at = '2020-01-01 00:00:00Z'", "details = (details::text || ' ')::json"),
    };
    // Two steps, or two entries would have one number for a moment.
    let renumber = |sequence: &str| {
        format!(
            "UPDATE changes SET sequence = -({sequence}) WHERE sequence > {middle}; \
             UPDATE changes SET sequence = -sequence WHERE sequence < 0"
        )
    };
    let columns = "at, actor, action, subject, prompt_id, details, sha256";
    let copy = |to: &str, of: i32| {
        format!(
            "INSERT INTO changes (sequence, {columns}) SELECT {to}, {columns} FROM changes WHERE sequence = {of}"
        )
    };
    let missing = |next: i32| format!("it is missing; the next one is {next}");
    vec![
        edit(later),
        edit("actor = 'eve'"),
        edit("action = 'label.set'"),
        edit("subject = 'default:b'"),
        edit("prompt_id = NULL"),
        edit("prompt_id = prompt_id + 1"),
        edit("details = '{}'"),
        edit(longer),
        edit("sha256 = upper(sha256)"),
        edit(&format!("sha256 = '{}'", "0".repeat(64))),
        unfit(format!("UPDATE changes SET actor = 'eve' WHERE sequence = {first}"), first),
        unfit(format!("UPDATE changes SET actor = 'eve' WHERE sequence = {ENTRIES}"), ENTRIES),
        (format!("UPDATE changes SET sequence = 20000 WHERE sequence = {middle}"), middle, missing(next)),
        (format!("DELETE FROM changes WHERE sequence = {middle}"), middle, missing(next)),
        (format!("DELETE FROM changes WHERE sequence < {middle}"), first, missing(middle)),
        // Deleted, and those behind it moved up.
        unfit(format!("DELETE FROM changes WHERE sequence = {next}; {}", renumber("sequence - 1")), next),
        // Inserted, and those behind it moved down.
        unfit(format!("{}; {}", renumber("sequence + 1"), copy(&next.to_string(), middle)), next),
        unfit(copy("10001", ENTRIES), ENTRIES + 1),
        (copy("0", ENTRIES), 0, "it stands before the first".to_owned()),
        (copy("-7", ENTRIES), -7, "it stands before the first".to_owned()),
        unfit(
            format!(
                "UPDATE changes SET sequence = -1 WHERE sequence = {middle}; \
                 UPDATE changes SET sequence = {middle} WHERE sequence = {next}; \
                 UPDATE changes SET sequence = {next} WHERE sequence = -1"
            ),
            middle,
        ),
    ]
}

/// The digest as the documentation has it, written down a second time.
fn digest(previous: &str, change: &Change) -> String {
    let at = change.at.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string();
    let id = change.prompt_id.map(|id| id.0);
    let (sequence, details) = (change.sequence, &change.details);
    let form = json!([previous, sequence, at, change.actor, change.action, change.subject, id, details]);
    sha256_hex(&form.to_string())
}

/// Gives the entries from this one on another actor, and the digests that belong to that.
fn rewrite(db: &TestDatabase, manager: &OrchestrationTemplateManager, from: i32) {
    let (mut previous, changes) = manager
        .database()
        .read(|q| {
            Ok::<_, prompt_manager::Error>((
                q.change(from - 1)?.unwrap().sha256,
                q.changes_after(from - 1, 100_000)?,
            ))
        })
        .unwrap();
    db.raw(&format!("DELETE FROM changes WHERE sequence >= {from}")).unwrap();
    let insert = |q: &mut Queries<'_>| -> prompt_manager::Result<()> {
        for mut change in changes {
            "eve".clone_into(&mut change.actor);
            change.sha256 = digest(&previous, &change);
            q.insert_change(&change)?;
            previous = change.sha256;
        }
        Ok(())
    };
    manager.database().write(insert).unwrap();
}

backends! {
    fn the_first_bad_entry_is_named(db: &TestDatabase) {
        let manager = manager(db);
        let head = long(&manager);
        assert_eq!(head.sequence, ENTRIES);
        let mut told = Vec::new();
        let whole = manager.verify_log(Some(&head), |entries| told.push(entries)).unwrap();
        assert_eq!((whole.valid, whole.entries, whole.first_bad), (true, 10_000, None));
        assert_eq!(told, (1..=10).map(|batch| batch * 1_000).collect::<Vec<u64>>());
        open_up(db);
        for (sql, sequence, reason) in damages(db.backend()) {
            db.raw(&sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
            let verified = manager.verify_log(None, |_| ()).unwrap();
            let bad = verified.first_bad.unwrap_or_else(|| panic!("not noticed: {sql}"));
            assert_eq!((verified.valid, bad.sequence, bad.reason), (false, sequence, reason), "{sql}");
            let before_it = u64::try_from(sequence.max(1) - 1).unwrap();
            assert_eq!(verified.entries, before_it, "{sql}");
            restore(db);
        }
        a_kept_head_tells_more(db, &manager, &head);
    }
}

fn a_kept_head_tells_more(db: &TestDatabase, manager: &OrchestrationTemplateManager, head: &LogHead) {
    let verify = |kept: Option<&LogHead>| manager.verify_log(kept, |_| ()).unwrap();
    db.raw("DELETE FROM changes WHERE sequence > 9990").unwrap();
    assert_eq!((verify(None).valid, verify(None).entries), (true, 9_990), "what is left is a chain");
    let cut = verify(Some(head)).first_bad.unwrap();
    assert_eq!(
        (cut.sequence, cut.reason.as_str()),
        (9_991, "it is missing: the log ended at 10000 when the head was kept")
    );
    db.raw("DELETE FROM changes").unwrap();
    assert!(verify(None).valid);
    assert_eq!(verify(Some(head)).first_bad.unwrap().sequence, 1);
    restore(db);

    let kept = |sequence: i32| {
        let change = manager.database().read(|q| q.change(sequence)).unwrap().unwrap();
        LogHead { sequence, sha256: change.sha256 }
    };
    let heads = [9_000, 9_001, 9_500, ENTRIES].map(kept);
    rewrite(db, manager, 9_001);
    assert!(verify(None).valid, "who has no kept head cannot tell");
    assert!(verify(Some(&heads[0])).valid, "up to there nothing was changed");
    for head in &heads[1..] {
        let bad = verify(Some(head)).first_bad.unwrap();
        assert_eq!(bad.sequence, head.sequence);
        assert!(bad.reason.starts_with(&format!("the kept head says {}", head.sha256)), "{}", bad.reason);
    }
}
