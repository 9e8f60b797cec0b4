//! Sessions in a database, on both kinds.

mod life;
mod planning;
mod refusals;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use prompt_manager::OrchestrationTemplateManager;
use prompt_manager::model::{Database, OpenOptions, Stamp};
use prompt_orchestrator::session::{PlanRequest, Planned};
use prompt_orchestrator::{Orchestrator, Step};
use rand::SeedableRng;
use test_support::TestDatabase;

/// An answer with all sections, and bodies that a careless store would change.
const ANSWER: &str = "Here it is.\n\n### 1. ANALYSIS_TEMPLATE\n````markdown\n1. Find  \u{1f44d}\n\n\
    ```sh\nls {{not a tag}}\n```\n````\n\n### 2. IMPLEMENTATION_TEMPLATE\n````markdown\nAdd <it> & \"test\"\n````\n\n\
    ### 3. EXECUTION_NOTES\n````markdown\nComplexity: High\nEstimated Time: 2-3 days\n````\n";

/// A manager of a database with its schema and seeds, and the count of its statements.
fn manager(db: &TestDatabase) -> (OrchestrationTemplateManager, Arc<AtomicUsize>) {
    let count = Arc::new(AtomicUsize::new(0));
    let counter = count.clone();
    let options = OpenOptions {
        on_query: Some(Arc::new(move |sql| {
            if sql.starts_with("SELECT") && sql != "SELECT 1" {
                counter.fetch_add(1, Ordering::Relaxed);
            }
        })),
        ..OpenOptions::default()
    };
    let database = Database::open(&db.url().parse().unwrap(), &options).unwrap();
    database.migrate().unwrap();
    let manager = OrchestrationTemplateManager::new(database);
    manager.seed(SystemTime::UNIX_EPOCH).unwrap();
    (manager, count)
}

/// A stamp so many seconds after some moment.
fn stamp(seconds: u64) -> Stamp {
    Stamp::new("ada", SystemTime::UNIX_EPOCH + Duration::from_secs(1_750_000_000 + seconds))
}

fn request(feature: &str) -> PlanRequest {
    PlanRequest {
        feature_request: feature.to_owned(),
        project: "default".to_owned(),
        ..PlanRequest::default()
    }
}

fn plan(orchestrator: Orchestrator<'_>, feature: &str) -> Planned {
    // Each request gets an id of its own, and the same one in each run.
    let seed = feature.bytes().fold(7, |hash: u64, byte| hash.wrapping_mul(31).wrapping_add(byte.into()));
    let mut rng = rand::rngs::StdRng::seed_from_u64(seed);
    orchestrator.plan(&request(feature), &stamp(0), &mut rng).unwrap()
}

/// Takes a step, with an answer that fits where it takes one.
fn take(orchestrator: Orchestrator<'_>, id: &str, step: Step) -> prompt_orchestrator::session::Result<()> {
    match step {
        Step::Process => orchestrator.process(id, ANSWER, &stamp(1)).map(drop),
        Step::Analyze => orchestrator.analyze(id, &stamp(2)).map(drop),
        Step::SaveAnalysis => orchestrator.save_analysis(id, "found\r\n  it  ", &stamp(3)).map(drop),
        Step::Implement => orchestrator.implement(id, &stamp(4)).map(drop),
        Step::Complete => orchestrator.complete(id, "done\n\n", &stamp(5)).map(drop),
        Step::Cancel => orchestrator.cancel(id, &stamp(6)).map(drop),
    }
}
