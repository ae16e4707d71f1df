//! The git tree of the checkout.

/// The id of HEAD's tree, in hex, when the working directory belongs to a git checkout. Pull-request pipelines that merge
/// the destination branch in every step make a new commit each time, but always the same tree.
///
/// The files are read without a git binary, which a container need not have, and whoever owns the folder: only ids are
/// read, nothing that a repository could configure is run (the concern behind git's "dubious ownership").
pub fn tree() -> Option<String> {
    let folder = std::env::current_dir().ok()?;
    let root = folder.ancestors().find(|folder| folder.join(".git").exists())?;
    let options = gix::open::Options::isolated().with(gix::sec::Trust::Full);
    let repository = gix::open_opts(root, options).ok()?;
    Some(repository.head_tree_id().ok()?.to_string())
}
