//! Projects.

use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl};

use super::{Queries, exists_or};
use crate::db::connection::AnyConnection;
use crate::db::schema::projects;
use crate::db::types::UtcTime;
use crate::{Project, ProjectId, Result, Stamp};

type ProjectRow = (i32, String, Option<String>, Option<UtcTime>);

impl Queries<'_> {
    /// The project of this name.
    pub fn project_by_name(&mut self, name: &str) -> Result<Option<Project>> {
        let row = projects::table
            .filter(projects::name.eq(name))
            .select((projects::id, projects::name, projects::description, projects::created_at))
            .get_result::<ProjectRow>(self.connection)
            .optional()?;
        Ok(row.map(project))
    }

    /// Waits until no other transaction sets the database up: on PostgreSQL the lock of migrations, on
    /// SQLite the write transaction itself.
    pub fn lock_setup(&mut self) -> Result<()> {
        match self.connection {
            #[cfg(feature = "sqlite")]
            AnyConnection::Sqlite(_) => Ok(()),
            #[cfg(feature = "postgres")]
            AnyConnection::Postgres(_) => self.connection.lock_migrations(),
        }
    }

    /// All projects, by name.
    pub fn projects(&mut self) -> Result<Vec<Project>> {
        let rows = projects::table
            .order(projects::name)
            .select((projects::id, projects::name, projects::description, projects::created_at))
            .load::<ProjectRow>(self.connection)?;
        Ok(rows.into_iter().map(project).collect())
    }

    /// Stores a project.
    pub fn insert_project(
        &mut self,
        name: &str,
        description: Option<&str>,
        stamp: &Stamp,
    ) -> Result<Project> {
        let id: i32 = diesel::insert_into(projects::table)
            .values((
                projects::name.eq(name),
                projects::description.eq(description),
                projects::created_at.eq(Some(UtcTime(stamp.at))),
            ))
            .returning(projects::id)
            .get_result(self.connection)
            .map_err(|error| exists_or(error, "project", name))?;
        Ok(Project {
            id: ProjectId(id),
            name: name.to_owned(),
            description: description.map(str::to_owned),
            created_at: Some(stamp.at),
        })
    }
}

fn project((id, name, description, created_at): ProjectRow) -> Project {
    Project { id: ProjectId(id), name, description, created_at: created_at.map(|t| t.0) }
}
