use super::rows;
use crate::project::{Project, line_of};

const LOCK: &str = r#"{
  "version": 1,
  "dependencies": {
    "net8.0": {
      "Acme.Clock": {"type": "Direct", "requested": "[2.0.0, )", "resolved": "2.0.0", "contentHash": "x"},
      "Acme.Custom": {"type": "Transitive", "resolved": "1.0.0", "contentHash": "x"},
      "Acme.Old": {"type": "Transitive", "resolved": "3.1.4", "contentHash": "x"},
      "Acme.Silent": {"type": "Transitive", "resolved": "0.1.0", "contentHash": "x"},
      "shop.core": {"type": "Project"}
    },
    "net8.0/linux-x64": {
      "Acme.Clock": {"type": "Direct", "requested": "[2.0.0, )", "resolved": "2.0.0", "contentHash": "x"}
    }
  }
}
"#;

fn nuspec(id: &str, version: &str, license: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<package xmlns=\"http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd\">\n  <metadata>\n    <id>{id}</id>\n    <version>{version}</version>\n    \
         <authors>Acme</authors>\n    {license}\n    <description>x</description>\n  </metadata>\n</package>\n"
    )
}

/// What `dotnet restore` leaves in the global packages folder, by hand: an expression, a file, an old address, nothing.
#[test]
fn nuspecs_of_the_packages_folder_are_read() {
    let project = Project::with(&[("packages.lock.json", LOCK)]);
    let packages = [
        ("Acme.Clock", "2.0.0", "<license type=\"expression\">MIT OR Apache-2.0</license>"),
        ("Acme.Custom", "1.0.0", "<license type=\"file\">LICENSE.txt</license>"),
        ("Acme.Old", "3.1.4", "<licenseUrl>https://www.apache.org/licenses/LICENSE-2.0.txt</licenseUrl>"),
        ("Acme.Silent", "0.1.0", ""),
    ];
    for (id, version, license) in packages {
        let lower = id.to_lowercase();
        project.write(&format!("packages/{lower}/{version}/{lower}.nuspec"), nuspec(id, version, license));
    }
    project.write("packages/acme.custom/1.0.0/LICENSE.txt", include_str!("../../../src/plan/decide/mit.txt"));
    let folder = project.at("packages").display().to_string();
    let checked = project.check_with(&[("NUGET_PACKAGES", &folder)], &[]).exits(1);
    rows(
        &checked,
        &[
            "Acme.Clock 2.0.0 MIT OR Apache-2.0 declared production pass",
            "Acme.Custom 1.0.0 MIT detected production pass",
            "Acme.Old 3.1.4 Apache-2.0 declared production pass",
            "Acme.Silent 0.1.0 - none production fail",
            "shop.core - - none production exempt",
        ],
    );
    checked.says("license-unknown", "packages.lock.json", Some(line_of(LOCK, "Acme.Silent")), &["Acme.Silent"]);
    assert_eq!(checked.evidence("Acme.Clock"), ["packages/acme.clock/2.0.0/acme.clock.nuspec:7 license"]);
    assert_eq!(project.check(&[]).exits(4).json["outputs"]["unproven"], "4");
}
