//! The commands `import` and `undo-import`.

use crate::harness::server_process::ServerSetup;
use crate::harness::{Backend, temp_dir};

#[test]
fn a_file_is_imported_with_a_mapping_and_undone_on_the_command_line() {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let folder = temp_dir();
        let setup = ServerSetup::new(backend, folder.path());
        let path = |name: &str| folder.path().join(name).display().to_string();
        let file = "Orang;HP;Alamat\nSiti;081234567801;Jl. A\nBudi;12;Jl. B\n";
        std::fs::write(path("warga.csv"), file).unwrap();
        std::fs::write(path("warga.json"), r#"{"columns": {"Orang": {"field": "name"}}}"#).unwrap();
        let (done, text) = setup.run(&["import", "customers", &path("warga.csv")]);
        assert!(!done && text.contains("Nama"), "a missing column is named: {text}");
        let (mapping, rejected) = (path("warga.json"), path("ditolak.xlsx"));
        let arguments = ["import", "customers", &path("warga.csv"), "--mapping", &mapping];
        let (done, text) = setup
            .run(&[arguments.as_slice(), &["--dry-run", "--rejected-rows", &rejected]].concat());
        assert!(done && text.contains("akan dibuat 1"), "{text}");
        assert!(std::fs::read(&rejected).unwrap().starts_with(b"PK"));
        let (done, text) = setup.run(&arguments);
        assert!(done && text.contains("nomor impor: 1"), "{text}");
        let (done, text) = setup.run(&["undo-import", "customers", "1"]);
        assert!(done && text.contains("dihapus 1"), "{text}");
        let (done, text) = setup.run(&["undo-import", "customers", "1"]);
        assert!(!done && text.contains("sudah dibatalkan"), "{text}");
        std::fs::write(path("warga.json"), "{").unwrap();
        let (done, text) = setup.run(&arguments);
        assert!(!done && text.contains("warga.json"), "{text}");
    }
}
