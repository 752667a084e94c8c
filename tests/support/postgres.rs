//! Real Postgres databases for tests: on the server that `OFFPRINT_TEST_POSTGRES` names, or on a private cluster that is
//! started from the installed server binaries and thrown away when the test process ends, however it ends.

use std::env;
use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock};

use postgres::config::Host;
use postgres::{Client, Config, NoTls, SimpleQueryMessage};

use super::case_log;
use super::client::{self, Outcome};

/// The variable with the address of a server on which the tests may create and drop databases.
pub const SERVER: &str = "OFFPRINT_TEST_POSTGRES";
/// The variable that forbids to skip the tests when there is no server.
pub const REQUIRED: &str = "OFFPRINT_REQUIRE_POSTGRES";

/// The variable with the folder of the server binaries that are to be tested, instead of those that are installed.
pub const BINARIES: &str = "OFFPRINT_POSTGRES_BINARIES";

/// The user that runs a private cluster when the tests run as root, which the server refuses.
const UNPRIVILEGED_USER: &str = "postgres";

/// A server on which each test gets a database of its own.
struct Server {
    config: Config,
    /// The private cluster lives as long as its watchdog's standard input is open.
    _watchdog: Option<Child>,
}

/// The server of this test process, or none when no server is named and none is installed.
fn server() -> Option<&'static Server> {
    static SERVER_OF_THIS_PROCESS: OnceLock<Option<Server>> = OnceLock::new();
    SERVER_OF_THIS_PROCESS
        .get_or_init(|| match env::var(SERVER) {
            Ok(address) => {
                let config = address.parse().unwrap_or_else(|error| panic!("{SERVER} is not an address: {error}"));
                Some(Server { config, _watchdog: None })
            }
            Err(_) => server_binaries().map(|folder| start_private_cluster(&folder)),
        })
        .as_ref()
}

/// The folder with `initdb` and `pg_ctl`: the one that is named, one on the search path, or the newest of Debian's.
fn server_binaries() -> Option<PathBuf> {
    if let Some(folder) = env::var_os(BINARIES) {
        return Some(folder.into());
    }
    let complete = |folder: &Path| ["initdb", "pg_ctl", "postgres"].iter().all(|name| folder.join(name).is_file());
    let on_path = env::var_os("PATH")
        .and_then(|path| env::split_paths(&path).find(|folder| folder.is_absolute() && complete(folder)));
    on_path.or_else(|| packaged_folder(complete))
}

/// The newest folder with binaries that Debian's packages installed, if it is complete.
fn packaged_folder(complete: impl Fn(&Path) -> bool) -> Option<PathBuf> {
    let mut folders: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .ok()?
        .filter_map(|entry| {
            let entry = entry.ok()?;
            Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin")))
        })
        .filter(|(_, folder)| complete(folder))
        .collect();
    folders.sort();
    folders.pop().map(|(_, folder)| folder)
}

/// `psql` beside the server's binaries; Debian's `/usr/bin/psql` is a slow wrapper that looks for it.
pub fn psql_program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let has_psql = |folder: &Path| folder.join("psql").is_file();
        let folder = server_binaries().filter(|folder| has_psql(folder)).or_else(|| packaged_folder(has_psql));
        folder.map_or_else(|| "psql".into(), |folder| folder.join("psql"))
    })
}

/// Makes and starts the cluster, says `ready`, waits for the end of its standard input, and leaves nothing behind.
/// `$1` is the folder of the binaries, `$2` the folder of the cluster. Only a socket in that folder leads to the server.
const WATCHDOG: &str = r#"
trap '' INT TERM HUP
cd / || exit 1
binaries=$1
cluster=$2
if "$binaries/initdb" --pgdata="$cluster/data" --username=postgres --auth=trust --encoding=UTF8 --locale=C --no-sync \
        >"$cluster/log" 2>&1 </dev/null &&
    "$binaries/pg_ctl" start --wait --silent --pgdata="$cluster/data" --log="$cluster/log" --options="-k '$cluster' \
        -c listen_addresses='' -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c autovacuum=off \
        -c max_connections=100 -c shared_buffers=32MB -c timezone=UTC" >>"$cluster/log" 2>&1 </dev/null
then
    echo ready
else
    cat "$cluster/log"
fi
exec >/dev/null 2>&1
cat >/dev/null
"$binaries/pg_ctl" stop --wait --silent --mode=immediate --pgdata="$cluster/data"
rm -rf "$cluster"
"#;

fn start_private_cluster(binaries: &Path) -> Server {
    let folder = tempfile::Builder::new().prefix("offprint-postgres-").tempdir().expect("a temporary folder").keep();
    let mut command;
    if fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0) {
        run_quietly(Command::new("chown").arg(UNPRIVILEGED_USER).arg(&folder));
        command = Command::new("runuser");
        command.args(["-u", UNPRIVILEGED_USER, "--", "sh"]);
    } else {
        command = Command::new("sh");
    }
    let mut watchdog = command
        .args(["-c", WATCHDOG, "offprint-test-postgres"])
        .args([binaries, &folder])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .process_group(0)
        .spawn()
        .expect("the watchdog of the private cluster starts");
    let mut said = String::new();
    for line in BufReader::new(watchdog.stdout.take().expect("standard output is a pipe")).lines() {
        said.push_str(&line.expect("the watchdog speaks UTF-8"));
        if said == "ready" {
            let mut config = Config::new();
            config.host_path(&folder).user("postgres").dbname("postgres");
            return Server { config, _watchdog: Some(watchdog) };
        }
        said.push('\n');
    }
    let ended = watchdog.wait();
    panic!("the private Postgres cluster does not start ({ended:?}):\n{said}");
}

fn run_quietly(command: &mut Command) {
    let status = command.status().unwrap_or_else(|error| panic!("{command:?} does not start: {error}"));
    assert!(status.success(), "{command:?} failed");
}

/// A row as text, as the server prints each value; none is NULL.
pub type Row = Vec<Option<String>>;

/// An empty database of one test, dropped at its end.
pub struct PostgresDatabase {
    server: &'static Server,
    name: String,
    /// The connection for the test's own statements; opened once, since each costs a process of the server.
    client: Mutex<Client>,
}

impl PostgresDatabase {
    /// A fresh database for the case of this name, which thereby counts as executed.
    ///
    /// None when there is no server: the case is skipped, and standard error says so. With `OFFPRINT_REQUIRE_POSTGRES=1`
    /// that fails instead.
    pub fn create(case: &str) -> Option<PostgresDatabase> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let Some(server) = server() else {
            let required = env::var_os(REQUIRED).is_some_and(|value| !value.is_empty() && value != "0");
            assert!(!required, "{REQUIRED} is set, but {SERVER} is not and no Postgres server is installed");
            eprintln!("skipped on Postgres, since {SERVER} is not set and no server is installed: {case}");
            return None;
        };
        let name = format!("offprint_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let mut client = connect(&server.config);
        client.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE template0")).expect("a fresh database");
        case_log::record("postgres", case);
        let client = Mutex::new(connect(server.config.clone().dbname(&name)));
        Some(PostgresDatabase { server, name, client })
    }

    /// A new connection to this database.
    pub fn connect(&self) -> Client {
        connect(self.server.config.clone().dbname(&self.name))
    }

    /// Runs a script with the real `psql -X -v ON_ERROR_STOP=1 -f -`.
    pub fn psql(&self, script: &str) -> Outcome {
        let mut command = Command::new(psql_program());
        command.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", "-"]);
        self.lead(&mut command);
        client::run(&mut command, script)
    }

    /// Sets the variables that lead libpq in this command to this database, and no others.
    pub fn lead(&self, command: &mut Command) {
        for (variable, _) in env::vars_os().filter(|(variable, _)| variable.to_string_lossy().starts_with("PG")) {
            command.env_remove(variable);
        }
        let config = &self.server.config;
        command.env("PGDATABASE", &self.name);
        match config.get_hosts().first() {
            Some(Host::Tcp(host)) => command.env("PGHOST", host),
            Some(Host::Unix(folder)) => command.env("PGHOST", folder),
            None => &mut *command,
        };
        if let Some(port) = config.get_ports().first() {
            command.env("PGPORT", port.to_string());
        }
        if let Some(user) = config.get_user() {
            command.env("PGUSER", user);
        }
        if let Some(password) = config.get_password() {
            command.env("PGPASSWORD", String::from_utf8_lossy(password).as_ref());
        }
    }

    /// Runs statements of the test. An open transaction that they leave behind when they fail is rolled back.
    pub fn try_execute(&self, sql: &str) -> Result<(), String> {
        let mut client = self.client.lock().expect("no test panics while it asks");
        client.batch_execute(sql).map_err(|error| {
            client.batch_execute("ROLLBACK").expect("the transaction is rolled back");
            explain(&error)
        })
    }

    /// Runs SQL that has to succeed.
    #[track_caller]
    pub fn execute(&self, sql: &str) {
        if let Err(error) = self.try_execute(sql) {
            panic!("{error}\nin: {sql}");
        }
    }

    /// The rows of a query, each value as the server prints it.
    #[track_caller]
    pub fn rows(&self, query: &str) -> Vec<Row> {
        let messages = match self.client.lock().expect("no test panics while it asks").simple_query(query) {
            Ok(messages) => messages,
            Err(error) => panic!("{}\nin: {query}", explain(&error)),
        };
        let row = |message| match message {
            SimpleQueryMessage::Row(row) => {
                Some((0..row.len()).map(|index| row.get(index).map(str::to_owned)).collect())
            }
            _ => None,
        };
        messages.into_iter().filter_map(row).collect()
    }
}

impl Drop for PostgresDatabase {
    fn drop(&mut self) {
        let dropped = self
            .server
            .config
            .connect(NoTls)
            .and_then(|mut client| client.batch_execute(&format!("DROP DATABASE {} WITH (FORCE)", self.name)));
        if let Err(error) = dropped {
            eprintln!("the test database {} was not dropped: {}", self.name, explain(&error));
        }
    }
}

fn connect(config: &Config) -> Client {
    config.connect(NoTls).unwrap_or_else(|error| panic!("the Postgres server cannot be reached: {}", explain(&error)))
}

/// The message of an error, with the server's own words.
pub fn explain(error: &postgres::Error) -> String {
    match error.as_db_error() {
        Some(server) => format!("{}: {}", server.code().code(), server.message()),
        None => error.to_string(),
    }
}
