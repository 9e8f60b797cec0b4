//! Column types that the two backends name differently, each with one Rust type.
//!
//! The predecessor stores JSON as `json`, times as `timestamp with time zone`, costs as `numeric` on
//! PostgreSQL and as text or numbers on SQLite. Each gets a local SQL type that both backends and the
//! backend over both know.

use chrono::{DateTime, Utc};
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::query_builder::QueryId;
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{HasSqlType, SqlType};

use super::connection::{MultiBackend, MultiRawValue};

/// `json` on PostgreSQL, text on SQLite: the text is kept byte for byte.
#[derive(Debug, Clone, Copy, Default, SqlType, QueryId)]
#[diesel(postgres_type(oid = 114, array_oid = 199))]
#[diesel(sqlite_type(name = "Text"))]
pub struct JsonText;

/// `timestamp with time zone` on PostgreSQL, text in UTC on SQLite.
#[derive(Debug, Clone, Copy, Default, SqlType, QueryId)]
#[diesel(postgres_type(oid = 1184, array_oid = 1185))]
#[diesel(sqlite_type(name = "Text"))]
pub struct TimestamptzUtc;

/// `numeric` on PostgreSQL, a number on SQLite.
#[derive(Debug, Clone, Copy, Default, SqlType, QueryId)]
#[diesel(postgres_type(oid = 1700, array_oid = 1231))]
#[diesel(sqlite_type(name = "Double"))]
pub struct NumericValue;

/// A JSON text, not parsed.
#[derive(Debug, Clone, PartialEq, Eq, AsExpression, FromSqlRow)]
#[diesel(sql_type = JsonText)]
pub struct Json(pub String);

/// A time in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, AsExpression, FromSqlRow)]
#[diesel(sql_type = TimestamptzUtc)]
pub struct UtcTime(pub DateTime<Utc>);

macro_rules! through_multi_backend {
    ($($sql:ident => $rust:ident),*) => {$(
        impl HasSqlType<$sql> for MultiBackend {
            fn metadata(lookup: &mut Self::MetadataLookup) -> Self::TypeMetadata {
                MultiBackend::lookup_sql_type::<$sql>(lookup)
            }
        }

        impl FromSql<$sql, MultiBackend> for $rust {
            fn from_sql(value: MultiRawValue<'_>) -> deserialize::Result<Self> {
                value.from_sql::<Self, $sql>()
            }
        }

        impl ToSql<$sql, MultiBackend> for $rust {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
                out.set_value(($sql, self));
                Ok(IsNull::No)
            }
        }
    )*};
}

through_multi_backend!(JsonText => Json, TimestamptzUtc => UtcTime);

#[cfg(feature = "sqlite")]
mod sqlite {
    //! As SQLite stores them.

    use chrono::NaiveDateTime;
    use diesel::sql_types::{Text, Timestamp};
    use diesel::sqlite::{Sqlite, SqliteValue};

    use super::{
        FromSql, IsNull, Json, JsonText, Output, TimestamptzUtc, ToSql, UtcTime, deserialize, serialize,
    };

    impl FromSql<JsonText, Sqlite> for Json {
        fn from_sql(value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
            <String as FromSql<Text, Sqlite>>::from_sql(value).map(Self)
        }
    }

    impl ToSql<JsonText, Sqlite> for Json {
        fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
            <str as ToSql<Text, Sqlite>>::to_sql(&self.0, out)
        }
    }

    impl FromSql<TimestamptzUtc, Sqlite> for UtcTime {
        fn from_sql(value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
            <NaiveDateTime as FromSql<Timestamp, Sqlite>>::from_sql(value).map(|t| Self(t.and_utc()))
        }
    }

    impl ToSql<TimestamptzUtc, Sqlite> for UtcTime {
        fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
            // Six digits always: SQLite compares times as text.
            out.set_value(self.0.format("%Y-%m-%d %H:%M:%S%.6f").to_string());
            Ok(IsNull::No)
        }
    }
}

#[cfg(feature = "postgres")]
mod postgres {
    //! As PostgreSQL stores them.

    use std::io::Write;

    use diesel::pg::{Pg, PgValue};
    use diesel::sql_types::Timestamptz;

    use super::{
        DateTime, FromSql, IsNull, Json, JsonText, Output, TimestamptzUtc, ToSql, Utc, UtcTime, deserialize,
        serialize,
    };

    impl FromSql<JsonText, Pg> for Json {
        fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
            Ok(Self(std::str::from_utf8(value.as_bytes())?.to_owned()))
        }
    }

    impl ToSql<JsonText, Pg> for Json {
        fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
            out.write_all(self.0.as_bytes())?;
            Ok(IsNull::No)
        }
    }

    impl FromSql<TimestamptzUtc, Pg> for UtcTime {
        fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
            <DateTime<Utc> as FromSql<Timestamptz, Pg>>::from_sql(value).map(Self)
        }
    }

    impl ToSql<TimestamptzUtc, Pg> for UtcTime {
        fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
            <DateTime<Utc> as ToSql<Timestamptz, Pg>>::to_sql(&self.0, &mut out.reborrow())
        }
    }
}
