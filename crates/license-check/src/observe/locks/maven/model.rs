//! What a pom says, as written: <https://maven.apache.org/pom.html>.

use crate::observe::lock::Fault;
use crate::observe::xml::{Element, read};
use std::path::PathBuf;

/// A pom.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pom {
    /// For people.
    pub path: String,
    /// Where it lies, if that is in the checkout.
    pub file: Option<PathBuf>,
    /// What it inherits from.
    pub parent: Option<Parent>,
    /// Nothing: the parent's.
    pub group: Option<String>,
    /// Its name.
    pub artifact: String,
    /// Nothing: the parent's.
    pub version: Option<String>,
    /// In order; later ones hold.
    pub properties: Vec<(String, String)>,
    /// Of the pom, then of its profiles.
    pub dependencies: Vec<Dependency>,
    /// `dependencyManagement`.
    pub managed: Vec<Dependency>,
    /// In order.
    pub licenses: Vec<License>,
    /// Folders or poms of its modules.
    pub modules: Vec<String>,
}

/// The pom that another inherits from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parent {
    /// As written.
    pub group: String,
    /// As written.
    pub artifact: String,
    /// As written.
    pub version: String,
    /// `../pom.xml` when none is written; empty for none.
    pub relative_path: String,
    /// 1-based.
    pub line: u32,
}

/// A dependency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependency {
    /// As written.
    pub group: String,
    /// As written.
    pub artifact: String,
    /// As written.
    pub version: Option<String>,
    /// As written.
    pub scope: Option<String>,
    /// `jar` when none is written.
    pub kind: String,
    /// Empty when none is written.
    pub classifier: String,
    /// Whether those who depend on the pom don't get it.
    pub optional: bool,
    /// Group and artifact; `*` is any.
    pub exclusions: Vec<(String, String)>,
    /// Whether it stands in a profile.
    pub of_profile: bool,
    /// 1-based.
    pub line: u32,
}

/// One of a pom's licences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct License {
    /// Free text.
    pub name: Option<String>,
    /// Its address.
    pub url: Option<String>,
    /// 1-based.
    pub line: u32,
}

impl Pom {
    /// Reads a pom.
    ///
    /// # Errors
    /// It is no pom, or one without a name.
    pub fn read(bytes: &[u8], path: &str) -> Result<Pom, Fault> {
        let project = read(bytes, "project")?;
        let text = |name: &str| project.value(name).map(str::to_owned);
        let Some(artifact) = text("artifactId") else {
            return Err(Fault::at(project.line, "a pom without an artifactId"));
        };
        let mut pom = Pom {
            path: path.to_owned(),
            parent: project.child("parent").map(parent),
            group: text("groupId"),
            artifact,
            version: text("version"),
            ..Pom::default()
        };
        // What the pom itself says holds against its profiles.
        for profile in project.child("profiles").into_iter().flat_map(|profiles| profiles.all("profile")) {
            pom.take(profile, true)?;
        }
        let (dependencies, managed) = (std::mem::take(&mut pom.dependencies), std::mem::take(&mut pom.managed));
        pom.take(&project, false)?;
        pom.dependencies.extend(dependencies);
        pom.managed.extend(managed);
        for license in project.child("licenses").into_iter().flat_map(|licenses| licenses.all("license")) {
            let (name, url) = (license.value("name").map(str::to_owned), license.value("url").map(str::to_owned));
            if name.is_some() || url.is_some() {
                pom.licenses.push(License { name, url, line: license.line });
            }
        }
        Ok(pom)
    }

    fn take(&mut self, element: &Element, of_profile: bool) -> Result<(), Fault> {
        for property in element.child("properties").into_iter().flat_map(|properties| &properties.children) {
            self.properties.push((property.name.clone(), property.text.clone()));
        }
        for listed in element.child("dependencies").into_iter().flat_map(|list| list.all("dependency")) {
            self.dependencies.push(dependency(listed, of_profile)?);
        }
        let managed = element.descend(&["dependencyManagement", "dependencies"]);
        for listed in managed.into_iter().flat_map(|list| list.all("dependency")) {
            self.managed.push(dependency(listed, of_profile)?);
        }
        for module in element.child("modules").into_iter().flat_map(|modules| modules.all("module")) {
            self.modules.push(module.text.clone());
        }
        Ok(())
    }
}

fn parent(element: &Element) -> Parent {
    let text = |name: &str| element.value(name).unwrap_or_default().to_owned();
    let relative_path = match element.child("relativePath") {
        Some(path) => path.text.clone(),
        None => "../pom.xml".to_owned(),
    };
    Parent {
        group: text("groupId"),
        artifact: text("artifactId"),
        version: text("version"),
        relative_path,
        line: element.line,
    }
}

fn dependency(element: &Element, of_profile: bool) -> Result<Dependency, Fault> {
    let text = |name: &str| element.value(name).map(str::to_owned);
    let (Some(group), Some(artifact)) = (text("groupId"), text("artifactId")) else {
        return Err(Fault::at(element.line, "a dependency without its groupId or artifactId"));
    };
    let exclusions = element.child("exclusions").into_iter().flat_map(|exclusions| exclusions.all("exclusion"));
    let exclusions = exclusions.map(|exclusion| {
        let part = |name: &str| exclusion.value(name).unwrap_or("*").to_owned();
        (part("groupId"), part("artifactId"))
    });
    Ok(Dependency {
        group,
        artifact,
        version: text("version"),
        scope: text("scope"),
        kind: text("type").unwrap_or_else(|| "jar".to_owned()),
        classifier: text("classifier").unwrap_or_default(),
        optional: element.value("optional") == Some("true"),
        exclusions: exclusions.collect(),
        of_profile,
        line: element.line,
    })
}
