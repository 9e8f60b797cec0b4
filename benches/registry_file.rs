//! Registries to measure: an SQLite file of so many templates, each in a slot of its own.
//!
//! The product makes the file and its schema; the rows are inserted past it, which takes minutes less. A file
//! is kept beside the build and used again as long as the schema stays.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use prompt_manager::OrchestrationTemplateManager;
use prompt_manager::model::{DatabaseUrl, FeatureType, OrchestrationTemplateType};
use prompt_manager::template::sha256_hex;
use rusqlite::{Connection, Statement, Transaction, params};

use crate::report::target;

/// To be raised when this file fills registries differently.
const FORMAT: u32 = 1;
/// Templates of a project: 3 types of 100 feature types, the first of which is none.
const PROJECT_TEMPLATES: usize = 300;
/// How many templates are looked at in turn.
const KEYS: usize = 300;
/// The rows of one template.
const INSERTS: [&str; 7] = [
    "INSERT INTO prompts (id, project_id, category_id, name, description, content, is_template) \
     VALUES (?1, ?2, ?2, ?3, 'of a benchmark', ?4, 1)",
    "INSERT INTO prompt_versions (id, prompt_id, version_number, content, change_notes) \
     VALUES (?1, ?2, ?3, ?4, 'a note')",
    "INSERT INTO prompt_version_details (prompt_version_id, author, sha256) VALUES (?1, 'bench', ?2)",
    "INSERT INTO prompt_labels (prompt_id, label, version_number) VALUES (?1, 'production', 2)",
    "INSERT INTO template_slots (id, project_id, template_type, feature_type) VALUES (?1, ?2, ?3, ?4)",
    "INSERT INTO orchestration_templates (prompt_id, slot_id) VALUES (?1, ?1)",
    "UPDATE template_slots SET active_prompt_id = ?1 WHERE id = ?1",
];

/// A registry of `templates` templates.
pub(crate) struct Registry {
    pub(crate) path: PathBuf,
    templates: usize,
}

/// Where a template stands, and its rows.
pub(crate) struct Place {
    pub(crate) row: i32,
    pub(crate) project: String,
    pub(crate) template_type: OrchestrationTemplateType,
    pub(crate) feature_type: Option<FeatureType>,
}

impl Registry {
    /// The registry of this size, made where there is none.
    pub(crate) fn of(templates: usize) -> Self {
        let folder = target().join("bench-registries");
        fs::create_dir_all(&folder).expect("the build's folder can be written");
        let fresh = tempfile::tempdir_in(&folder).expect("the build's folder can be written");
        let draft = fresh.path().join("registry.db");
        drop(open(&draft));
        let name = format!("{templates}-{}-{FORMAT}.db", schema(&draft));
        let registry = Self { path: folder.join(name), templates };
        if !registry.path.exists() {
            remove_older(&folder, templates);
            registry.fill(&draft);
            fs::rename(&draft, &registry.path).expect("the folder is the same");
        }
        registry
    }

    pub(crate) fn open(&self) -> OrchestrationTemplateManager {
        open(&self.path)
    }

    /// Some hundred templates from all over the registry, in no order.
    pub(crate) fn keys(&self) -> Vec<Place> {
        // Sizes are powers of ten, so that no template comes twice.
        (0..KEYS.min(self.templates)).map(|n| place(n * 7_919 % self.templates)).collect()
    }

    fn fill(&self, path: &Path) {
        let mut connection = Connection::open(path).expect("the file is there");
        // No journal: a file that is not finished is thrown away. WAL, which the product has set, comes back below.
        connection
            .execute_batch(
                "PRAGMA journal_mode = DELETE; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;",
            )
            .expect("nobody else has the file");
        let transaction = connection.transaction().expect("nobody else writes");
        let mut inserts = INSERTS.map(|sql| transaction.prepare(sql).expect("it fits the schema"));
        for n in 0..self.templates {
            if n % PROJECT_TEMPLATES == 0 {
                insert_project(&transaction, n).expect("the project is new");
            }
            self.insert_template(&mut inserts, n).expect("the template is new");
        }
        drop(inserts);
        transaction.commit().expect("the disk is large enough");
        connection.execute_batch("PRAGMA journal_mode = WAL;").expect("nobody else has the file");
    }

    /// A prompt in a slot, active, with two versions of which the second one is production.
    fn insert_template(&self, inserts: &mut [Statement<'_>; 7], n: usize) -> rusqlite::Result<()> {
        let [prompts, versions, details, labels, slots, templates, actives] = inserts;
        let place = place(n);
        let (row, template_type, name) = (place.row, place.template_type, place.name());
        let feature_type = place.feature_type.as_ref().map_or("", FeatureType::as_str);
        let texts = [1, 2].map(|version| text(n, version, self.text_bytes()));
        prompts.execute(params![row, project_row(n), name, texts[1]])?;
        for (number, text) in (1..).zip(&texts) {
            let version = version_row(row, number);
            versions.execute(params![version, row, number, text])?;
            details.execute(params![version, sha256_hex(text)])?;
        }
        labels.execute([row])?;
        slots.execute(params![row, project_row(n), template_type.as_str(), feature_type])?;
        templates.execute([row])?;
        actives.execute([row])?;
        Ok(())
    }

    /// The largest registry has shorter texts, so that its file stays small.
    fn text_bytes(&self) -> usize {
        if self.templates < 1_000_000 { 8 * 1024 } else { 1024 }
    }
}

impl Place {
    /// The name of its template.
    pub(crate) fn name(&self) -> String {
        format!("{}/{}", self.template_type, self.feature_type.as_ref().map_or("", FeatureType::as_str))
    }

    /// The row of its production version.
    pub(crate) fn version_row(&self) -> i32 {
        version_row(self.row, 2)
    }
}

fn open(path: &Path) -> OrchestrationTemplateManager {
    let url: DatabaseUrl = format!("sqlite:{}", path.display()).parse().expect("a path is a URL");
    prompt_manager::open(&url, SystemTime::now()).expect("the file is of this version").manager
}

/// The newest migration of a file.
fn schema(path: &Path) -> String {
    let connection = Connection::open(path).expect("the file is there");
    let newest = "SELECT max(version) FROM __diesel_schema_migrations";
    connection.query_row(newest, [], |row| row.get(0)).expect("the file is migrated")
}

fn remove_older(folder: &Path, templates: usize) {
    let of_size = format!("{templates}-");
    for file in fs::read_dir(folder).expect("the folder is there").flatten() {
        if file.file_name().to_string_lossy().starts_with(&of_size) {
            fs::remove_file(file.path()).expect("the folder can be written");
        }
    }
}

/// Rows start behind those of the seeds.
fn row(n: usize) -> i32 {
    i32::try_from(n + 1_000).expect("a registry is not that large")
}

fn version_row(row: i32, number: i32) -> i32 {
    row * 2 + number
}

fn project_row(n: usize) -> i32 {
    row(n / PROJECT_TEMPLATES)
}

fn place(n: usize) -> Place {
    let feature_type = match n / 3 % (PROJECT_TEMPLATES / 3) {
        0 => None,
        number => Some(format!("feature-{number:02}").parse().expect("it is a slug")),
    };
    Place {
        row: row(n),
        project: format!("team-{:04}", n / PROJECT_TEMPLATES),
        template_type: OrchestrationTemplateType::ALL[n % 3],
        feature_type,
    }
}

/// A project and its category of templates, which has the same row.
fn insert_project(transaction: &Transaction<'_>, n: usize) -> rusqlite::Result<()> {
    let (row, name) = (project_row(n), place(n).project);
    transaction.execute("INSERT INTO projects (id, name) VALUES (?1, ?2)", params![row, name])?;
    let category = "INSERT INTO categories (id, project_id, name) VALUES (?1, ?1, '__orchestration__')";
    transaction.execute(category, params![row])?;
    Ok(())
}

/// Sentences that differ from text to text, with six tags.
fn text(n: usize, version: usize, bytes: usize) -> String {
    const WORDS: [&str; 8] = ["file", "line", "test", "module", "query", "request", "answer", "limit"];
    const TAGS: [&str; 5] = [
        "{{project}}",
        "{{feature_request}}",
        "{{#if feature_type}}Mind that it is of the type {{feature_type}}.{{/if}}",
        "{{session_id}}",
        "{{project}}",
    ];
    let mut text = format!("Template {n} in its version {version}.\n");
    let mut word = n * 31 + version;
    for (part, tag) in TAGS.iter().enumerate() {
        while text.len() < bytes / TAGS.len() * (part + 1) - tag.len() {
            word = word.wrapping_mul(5) + 3;
            let (first, second) = (WORDS[word / 16 % 8], WORDS[word / 128 % 8]);
            writeln!(text, "Name each {first} that you look at, and the {second} that it changes.")
                .expect("a string takes all");
        }
        text.push_str(tag);
    }
    text
}
