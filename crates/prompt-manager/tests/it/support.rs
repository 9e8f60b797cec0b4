//! What the tests of this crate share.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use prompt_manager::model::{Database, FeatureType, Label, OpenOptions, OrchestrationTemplateType, Stamp};
use prompt_manager::{
    Content, NewPlainPrompt, NewTemplate, OrchestrationTemplateManager, Publication, Published, Reference,
};
use test_support::TestDatabase;

pub(crate) const ANALYSIS: OrchestrationTemplateType = OrchestrationTemplateType::Analysis;

/// A manager of a database with its schema and its seeds.
pub(crate) fn manager(db: &TestDatabase) -> OrchestrationTemplateManager {
    counting_manager(db).0
}

/// The same, and how many statements it has run.
pub(crate) fn counting_manager(db: &TestDatabase) -> (OrchestrationTemplateManager, Arc<AtomicUsize>) {
    let count = Arc::new(AtomicUsize::new(0));
    let counter = count.clone();
    let options = OpenOptions {
        on_query: Some(Arc::new(move |sql| {
            let is_query = ["SELECT", "INSERT", "UPDATE", "DELETE"].iter().any(|verb| sql.starts_with(verb));
            if is_query && sql != "SELECT 1" {
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

pub(crate) fn stamp() -> Stamp {
    Stamp::new("ada", SystemTime::UNIX_EPOCH + Duration::from_secs(1_750_000_000))
}

pub(crate) fn content(text: &str) -> Content<'_> {
    Content::new(text)
}

/// Adds an analysis template whose text is its name.
pub(crate) fn add(
    manager: &OrchestrationTemplateManager,
    project: &str,
    name: &str,
    feature_type: Option<&FeatureType>,
) -> Published {
    let new = NewTemplate {
        name,
        template_type: ANALYSIS,
        project,
        feature_type,
        description: None,
        content: content(name),
    };
    manager.add(&new, &stamp()).unwrap()
}

/// A reference as a person writes it.
pub(crate) fn reference(text: &str) -> Reference {
    text.parse().unwrap()
}

pub(crate) fn label(text: &str) -> Label {
    text.parse().unwrap()
}

/// Adds a version for sessions to a template of the project `default`.
pub(crate) fn update(manager: &OrchestrationTemplateManager, name: &str, text: &str) -> Published {
    manager
        .update(&Reference::production(name), "default", Publication::Template, &content(text), &stamp())
        .unwrap()
}

/// Adds a prompt that can be a partial.
pub(crate) fn partial(
    manager: &OrchestrationTemplateManager,
    project: &str,
    name: &str,
    text: &str,
) -> Published {
    let new = NewPlainPrompt {
        name,
        project,
        category: Some("partials"),
        description: None,
        is_template: true,
        content: content(text),
    };
    manager.add_prompt(&new, &stamp()).unwrap()
}
