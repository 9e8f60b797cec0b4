//! Commands see nothing of the machine, and root's rights can be laid down.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use test_support::{hermetic, hermetic_unprivileged};

#[test]
fn the_environment_is_ours_alone() {
    let home = tempfile::tempdir().unwrap();
    let output = hermetic(Path::new("/usr/bin/env"), home.path()).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let mut names: Vec<_> = text.lines().filter_map(|line| line.split_once('=')).collect();
    names.sort_unstable();
    let expected = ["HOME", "LC_ALL", "PATH", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"];
    assert_eq!(names.iter().map(|(name, _)| *name).collect::<Vec<_>>(), expected);
    assert!(names.contains(&("HOME", home.path().to_str().unwrap())));
}

#[test]
fn the_working_folder_is_the_home() {
    let home = tempfile::tempdir().unwrap();
    let output = hermetic(Path::new("/bin/pwd"), home.path()).output().unwrap();
    let folder = fs::canonicalize(home.path()).unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap().trim(), folder.to_str().unwrap());
}

#[test]
fn a_read_only_folder_stops_the_unprivileged() {
    let home = tempfile::tempdir().unwrap();
    let closed = home.path().join("closed");
    let open = home.path().join("open");
    fs::create_dir(&closed).unwrap();
    fs::create_dir(&open).unwrap();
    fs::set_permissions(&closed, Permissions::from_mode(0o555)).unwrap();
    let touch = |folder: &Path| {
        let mut command = hermetic_unprivileged(Path::new("/usr/bin/touch"), home.path());
        command.arg(folder.join("file")).output().unwrap().status.success()
    };
    assert!(!touch(&closed));
    assert!(touch(&open));
}
