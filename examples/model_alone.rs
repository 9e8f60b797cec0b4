//! The storage layer alone: a database is opened, written and read, without any template engine.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::error::Error;
use std::time::SystemTime;

use prompt_model::{Database, DatabaseUrl, OpenOptions, Stamp};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let url: DatabaseUrl = format!("sqlite:{}", folder.path().join("prompts.db").display()).parse()?;

    // A new SQLite file gets its schema at once; the second time there is nothing to do.
    let (_, report) = Database::open_current(&url, &OpenOptions::default())?;
    println!("first opening: created {}, {} migrations", report.created, report.done.len());
    let (database, report) = Database::open_current(&url, &OpenOptions::default())?;
    println!("second opening: created {}, {} migrations", report.created, report.done.len());

    // Who and when are given by the caller: no library here reads the clock.
    let stamp = Stamp::new("ada", SystemTime::now());
    database.write(|queries| {
        queries.insert_project("campus", Some("Courses and seats"), &stamp)?;
        queries.insert_project("library", None, &stamp)
    })?;

    // An error takes back the whole transaction.
    let refused = database.write(|queries| {
        queries.insert_project("archive", None, &stamp)?;
        queries.insert_project("campus", None, &stamp)
    });
    println!("a name that is taken: {}", refused.expect_err("the name is taken"));

    println!("projects:");
    #[expect(clippy::redundant_closure_for_method_calls, reason = "the method itself is not general enough")]
    let projects = database.read(|queries| queries.projects())?;
    for project in projects {
        println!("  {} ({})", project.name, project.description.as_deref().unwrap_or("no description"));
    }
    Ok(())
}
