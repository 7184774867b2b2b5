//! One of two databases, and the same SQL for both. In: an address. Out: a pool that is ready, its tables at the version this host knows.
//! Every text of SQL stands once; the few that differ stand here. Refuses a database of a newer host, and one that was sealed with
//! another master key.

use super::{Done, StoreError};
use crate::keys::{Keys, unhexed};
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions, Postgres};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{AssertSqlSafe, Sqlite, Transaction};
use std::path::Path;
use std::time::Duration;

/// From an empty database to the tables of this host, version by version. They are written for SQLite.
const STEPS: [&str; 3] = [include_str!("steps/1.sql"), include_str!("steps/2.sql"), include_str!("steps/3.sql")];

/// A database.
#[derive(Clone, Debug)]
pub enum Db {
    /// A file.
    Sqlite(SqlitePool),
    /// A server, perhaps of several hosts.
    Postgres(PgPool),
}

/// A transaction.
#[derive(Debug)]
pub enum Tx {
    /// In a file.
    Sqlite(Transaction<'static, Sqlite>),
    /// In a server.
    Postgres(Transaction<'static, Postgres>),
}

/// Runs a statement on a transaction; gives how many rows it touched.
macro_rules! run {
    ($tx:expr, $sql:expr $(, $bind:expr)* $(,)?) => {
        match $tx {
            $crate::store::db::Tx::Sqlite(tx) => {
                sqlx::query($sql)$(.bind($bind))*.execute(&mut **tx).await.map(|done| done.rows_affected())
            }
            $crate::store::db::Tx::Postgres(tx) => {
                sqlx::query($sql)$(.bind($bind))*.execute(&mut **tx).await.map(|done| done.rows_affected())
            }
        }
    };
}

/// Reads rows as tuples, from a pool.
macro_rules! rows {
    ($db:expr, $kind:ty, $sql:expr $(, $bind:expr)* $(,)?) => {
        match $db {
            $crate::store::db::Db::Sqlite(pool) => sqlx::query_as::<_, $kind>($sql)$(.bind($bind))*.fetch_all(pool).await,
            $crate::store::db::Db::Postgres(pool) => sqlx::query_as::<_, $kind>($sql)$(.bind($bind))*.fetch_all(pool).await,
        }
    };
}

/// Reads rows as tuples, in a transaction.
macro_rules! rows_in {
    ($tx:expr, $kind:ty, $sql:expr $(, $bind:expr)* $(,)?) => {
        match $tx {
            $crate::store::db::Tx::Sqlite(tx) => sqlx::query_as::<_, $kind>($sql)$(.bind($bind))*.fetch_all(&mut **tx).await,
            $crate::store::db::Tx::Postgres(tx) => sqlx::query_as::<_, $kind>($sql)$(.bind($bind))*.fetch_all(&mut **tx).await,
        }
    };
}

/// Inserts many rows with few statements: each statement is a trip to another thread, or another machine.
macro_rules! insert {
    ($tx:expr, $head:literal, $rows:expr, $each:expr, |$values:ident, $row:ident| $push:block) => {
        for some in $rows.chunks($each) {
            match &mut *$tx {
                $crate::store::db::Tx::Sqlite(tx) => {
                    let mut builder = sqlx::QueryBuilder::<sqlx::Sqlite>::new($head);
                    builder.push_values(some, |mut $values, $row| $push);
                    builder.build().execute(&mut **tx).await?;
                }
                $crate::store::db::Tx::Postgres(tx) => {
                    let mut builder = sqlx::QueryBuilder::<sqlx::Postgres>::new($head);
                    builder.push_values(some, |mut $values, $row| $push);
                    builder.build().execute(&mut **tx).await?;
                }
            }
        }
    };
}

pub(crate) use {insert, rows, rows_in, run};

impl Db {
    /// A file, made where there is none.
    pub async fn file(path: &Path) -> Done<Db> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5));
        Ok(Db::Sqlite(SqlitePoolOptions::new().max_connections(4).connect_with(options).await?))
    }

    /// A server, by its address.
    pub async fn server(url: &str) -> Done<Db> {
        let options: PgConnectOptions =
            url.parse().map_err(|_| StoreError("this is no address of a PostgreSQL database".to_string()))?;
        let pool = PgPoolOptions::new().max_connections(8).acquire_timeout(Duration::from_secs(3));
        Ok(Db::Postgres(pool.connect_with(options).await?))
    }

    /// Begins a transaction that nobody else writes beside: the whole file, or what is locked next.
    pub async fn begin(&self) -> Done<Tx> {
        Ok(match self {
            Db::Sqlite(pool) => Tx::Sqlite(pool.begin_with("BEGIN IMMEDIATE").await?),
            Db::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }

    /// Makes the tables, or looks whether they are those this host knows.
    pub async fn prepare(&self, keys: &Keys) -> Done<()> {
        let mut tx = self.begin().await?;
        if let Tx::Postgres(_) = &tx {
            // Two hosts that start together make them once.
            rows_in!(&mut tx, (i64,), "SELECT 1::BIGINT FROM (SELECT pg_advisory_xact_lock(20261127)) AS locked")?;
        }
        run!(&mut tx, "CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)")?;
        let found = rows_in!(&mut tx, (String,), "SELECT value FROM meta WHERE name = 'version'")?;
        let version = found.first().map_or(Some(0), |(version,)| version.parse::<usize>().ok());
        let Some(missing) = version.and_then(|version| STEPS.get(version..)) else {
            let version = found.first().map_or("", |(version,)| version.as_str());
            return Err(StoreError(format!(
                "this data is of version {version}, made by a newer host; this one reads versions up to {}",
                STEPS.len()
            )));
        };
        if version == Some(0) {
            let check: String = keys.seal("meta/check", b"keyward")?.iter().map(|byte| format!("{byte:02x}")).collect();
            run!(&mut tx, "INSERT INTO meta (name, value) VALUES ('version', '0')")?;
            run!(&mut tx, "INSERT INTO meta (name, value) VALUES ('check', $1)", check)?;
        }
        let check = rows_in!(&mut tx, (String,), "SELECT value FROM meta WHERE name = 'check'")?;
        let check = check.first().and_then(|(check,)| unhexed(check)).unwrap_or_default();
        let foreign = "this data was made with another master key; give the host the file it was made with";
        keys.open("meta/check", &check).map_err(|_| StoreError(foreign.to_string()))?;
        for step in missing {
            match &mut tx {
                Tx::Sqlite(tx) => sqlx::raw_sql(*step).execute(&mut **tx).await.map(|_| ())?,
                Tx::Postgres(tx) => {
                    sqlx::raw_sql(AssertSqlSafe(for_postgres(step))).execute(&mut **tx).await.map(|_| ())?
                }
            }
        }
        run!(&mut tx, "UPDATE meta SET value = $1 WHERE name = 'version'", STEPS.len().to_string())?;
        tx.commit().await
    }
}

/// The same tables in the words of PostgreSQL.
fn for_postgres(step: &str) -> String {
    step.replace(" STRICT, WITHOUT ROWID", "").replace(" INTEGER", " BIGINT").replace(" BLOB", " BYTEA")
}

impl Tx {
    /// Makes it so.
    pub async fn commit(self) -> Done<()> {
        match self {
            Tx::Sqlite(tx) => tx.commit().await?,
            Tx::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Db, STEPS, Tx, for_postgres};
    use crate::keys::Keys;

    #[test]
    fn nothing_of_one_database_is_left_in_the_words_of_the_other() {
        for step in STEPS {
            let text = for_postgres(step);
            for word in ["STRICT", "ROWID", "INTEGER", "BLOB"] {
                assert!(!text.contains(word), "{word} in {text}");
            }
        }
    }

    #[tokio::test]
    async fn d12_older_tables_become_newer_ones_and_those_of_a_newer_host_are_refused() {
        let folder = std::env::temp_dir().join(format!("keyward-steps-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let keys = Keys::at(&folder.join("master.key")).expect("keys");
        let db = Db::file(&folder.join("keyward.db")).await.expect("a database");
        db.prepare(&keys).await.expect("new tables");
        // Back to the first version, as an older host left it.
        let Ok(Tx::Sqlite(mut tx)) = db.begin().await else { panic!("a transaction") };
        sqlx::raw_sql("DROP TABLE snapshot; DROP TABLE module; UPDATE meta SET value = '1' WHERE name = 'version'")
            .execute(&mut *tx)
            .await
            .expect("an older version");
        Tx::Sqlite(tx).commit().await.expect("kept");
        db.prepare(&keys).await.expect("it is taken along");
        rows!(&db, (String,), "SELECT digest FROM module").expect("the new table");
        db.prepare(&keys).await.expect("and once only");
        let Ok(Tx::Sqlite(mut tx)) = db.begin().await else { panic!("a transaction") };
        sqlx::raw_sql("UPDATE meta SET value = '99' WHERE name = 'version'").execute(&mut *tx).await.expect("newer");
        Tx::Sqlite(tx).commit().await.expect("kept");
        let refused = db.prepare(&keys).await.expect_err("data of a newer host");
        assert!(refused.0.contains("version 99"), "{refused}");
        let _ = std::fs::remove_dir_all(&folder);
    }
}
