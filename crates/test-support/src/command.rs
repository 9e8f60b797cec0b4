//! Commands that see nothing of the machine they run on, but for `PATH`.

use std::env;
use std::ffi::OsString;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::Command;

/// A command that runs `binary` in the folder `home`, which is also its home, data, state and
/// configuration folder, with an environment that holds only these, `PATH` and a UTF-8 locale.
///
/// `NO_COLOR` is not set, so that a test sees what a pipe sees by default.
pub fn hermetic(binary: &Path, home: &Path) -> Command {
    isolated(Command::new(binary), home)
}

/// Like [`hermetic`], without the rights of root to write where the file modes forbid it.
///
/// Read-only folders stop nobody who runs as root. Where the test does, the command keeps its user
/// (so that `home` and a binary below root's home stay within its reach) and loses every capability
/// by `setpriv`, a part of util-linux. Any other user needs nothing.
///
/// # Panics
///
/// When the owner of `home` cannot be read.
pub fn hermetic_unprivileged(binary: &Path, home: &Path) -> Command {
    let owner = home.metadata().expect("the home folder can be read").uid();
    if owner != 0 {
        return hermetic(binary, home);
    }
    let mut command = Command::new("setpriv");
    command.args(["--bounding-set=-all", "--inh-caps=-all", "--"]).arg(binary);
    isolated(command, home)
}

/// The `PATH` of this process, or the usual one.
pub(crate) fn search_path() -> OsString {
    env::var_os("PATH").unwrap_or_else(|| "/usr/local/bin:/usr/bin:/bin".into())
}

fn isolated(mut command: Command, home: &Path) -> Command {
    command
        .env_clear()
        .env("PATH", search_path())
        .env("HOME", home)
        .env("XDG_DATA_HOME", home.join(".local/share"))
        .env("XDG_STATE_HOME", home.join(".local/state"))
        .env("XDG_CONFIG_HOME", home.join(".config"))
        .env("LC_ALL", "C.UTF-8")
        .current_dir(home);
    command
}
