//! The client is embedded from `dist`: when it is built anew, so is the server.

fn main() {
    println!("cargo::rerun-if-changed=../dist");
}
