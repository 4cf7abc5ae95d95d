import ArgumentParser
import Explaining
import Foundation
import Inquiry
import Memory

/// Where the memory is.
struct MemoryOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The memory: one SQLite file. Reports lie in a folder per run beside it.",
            valueName: "file"))
    var memory = "conjecture-runs/memory.sqlite"

    func open() throws -> Store { try Store(path: memory) }

    /// Opens a memory that must already be there.
    func openExisting() throws -> Store {
        guard FileManager.default.fileExists(atPath: memory) else {
            throw MemoryError.failed(
                path: memory, reason: "there is no memory here yet; `conjecture explain` makes one")
        }
        return try Store(path: memory)
    }

    func reportPath(run: String) -> String {
        Self.folder(of: run, beside: memory).appendingPathComponent("report.html").relativePath
    }

    /// A run's own folder.
    static func folder(of run: String, beside memory: String) -> URL {
        URL(fileURLWithPath: memory).deletingLastPathComponent().appendingPathComponent(run)
    }
}

/// The subject of a study.
struct SubjectOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "What is studied: a model's folder with config.json and model.safetensors, or with a "
                + "checkpoint of llama2.c.",
            valueName: "subject"), completion: .directory)
    var model: String?

    @Option(
        help: ArgumentHelp(
            "The sparse autoencoder's folder or file, as it was published. Default: sae in the model's "
                + "folder.", valueName: "folder"))
    var sae: String?

    @Option(help: "Threads for measuring. They change no result.")
    var threads = 2

    func load() throws -> OthelloSubject {
        try OthelloSubject(model: model ?? "", autoencoder: autoencoder, threads: threads)
    }

    var autoencoder: String {
        sae ?? URL(fileURLWithPath: model ?? "").appendingPathComponent("sae").relativePath
    }

    func validate() throws {
        guard (1...256).contains(threads) else {
            throw ValidationError("--threads \(threads): give a number from 1 to 256.")
        }
    }
}
