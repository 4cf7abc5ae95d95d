import Foundation
import GRDB
import Testing

/// What goes wrong is said in one line that names the file and the cure; nothing is lost.
@Suite struct RefusalTests {
    private func expectRefusal(
        _ result: Program.Result, naming words: String..., status: [Int32] = [1]
    ) {
        #expect(status.contains(result.status), "\(result.errors)")
        let lines = result.errors.split(separator: "\n").filter { !$0.hasPrefix("run ") }
        #expect(lines.count == 1, "\(result.errors)")
        for word in words { #expect(result.errors.contains(word), "\(result.errors)") }
    }

    private func explain(_ scratch: Scratch, _ arguments: String...) async throws -> Program.Result
    {
        try await Program.run(
            ["explain"] + arguments + ["--random", "2", "--games", "600", "--controls", "0"],
            in: scratch.folder)
    }

    @Test func aPathThatIsNotThere() async throws {
        let scratch = try Scratch()
        expectRefusal(try await explain(scratch, "no-such-model"), naming: "no-such-model")
        #expect(!FileManager.default.fileExists(atPath: scratch.path("conjecture-runs")))
    }

    @Test func aTruncatedSafetensorsFile() async throws {
        let scratch = try Scratch()
        let subject = try scratch.copyOfExample()
        let file = URL(fileURLWithPath: subject + "/model.safetensors")
        let whole = try Data(contentsOf: file)
        for length in [4, 1_000, whole.count - 1] {
            try whole.prefix(length).write(to: file)
            expectRefusal(try await explain(scratch, subject), naming: "model.safetensors")
        }
    }

    @Test func aConfigWithAnUnknownField() async throws {
        let scratch = try Scratch()
        let subject = try scratch.copyOfExample()
        for name in ["config.json", "sae/cfg.json"] {
            let file = URL(fileURLWithPath: subject + "/" + name)
            let text = try String(contentsOf: file, encoding: .utf8)
            let changed = text.replacing("{", with: "{\"rotary_flux\": 1,", maxReplacements: 1)
            try Data(changed.utf8).write(to: file)
            expectRefusal(try await explain(scratch, subject), naming: name, "rotary_flux")
            try Data(text.utf8).write(to: file)
        }
    }

    @Test func anAutoencoderWhoseWidthDoesNotFit() async throws {
        let scratch = try Scratch()
        let subject = try scratch.copyOfExample()
        let file = URL(fileURLWithPath: subject + "/sae/cfg.json")
        let text = try String(contentsOf: file, encoding: .utf8)
        let changed = text.replacing("\"d_in\": 128", with: "\"d_in\": 64")
        try #require(changed != text)
        try Data(changed.utf8).write(to: file)
        expectRefusal(try await explain(scratch, subject), naming: "sae", "64")
    }

    @Test func aMemoryOfANewerVersion() async throws {
        let scratch = try Scratch()
        _ = try await Program.run(
            [
                "explain", Program.example, "--features", "1", "--games", "60", "--controls", "0",
                "--memory", "memory.sqlite",
            ], in: scratch.folder)
        try await DatabaseQueue(path: scratch.path("memory.sqlite")).write {
            try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('9999-later')")
        }
        expectRefusal(
            try await explain(scratch, Program.example, "--memory", "memory.sqlite"),
            naming: "memory.sqlite", "newer")
    }

    @Test(.enabled(if: SmallDisk.isPossible, "no permission to mount a file system here"))
    func aFullDisk() async throws {
        let scratch = try Scratch()
        let disk = try SmallDisk(at: scratch.path("disk"), megabytes: 1)
        defer { disk.unmount() }
        let result = try await explain(scratch, Program.example, "--memory", "disk/memory.sqlite")
        expectRefusal(result, naming: "disk/memory.sqlite", "full")
        // The memory can still be read, and a run that began is still there to resume.
        let runs = try await Program.run(
            ["runs", "--memory", "disk/memory.sqlite"], in: scratch.folder)
        #expect(runs.status == 0, "\(runs.errors)")
    }

    @Test func badUsageHasItsOwnExitCode() async throws {
        let scratch = try Scratch()
        for arguments in [
            ["explain"], ["explain", Program.example],
            ["explain", Program.example, "--features", "7-3"],
            ["explain", Program.example, "--random", "2", "--all"], ["explian"],
        ] {
            #expect(try await Program.run(arguments, in: scratch.folder).status == 2)
        }
    }

    @Test func aLatentThatIsNotThere() async throws {
        let scratch = try Scratch()
        let result = try await Program.run(
            [
                "explain", Program.example, "--features", "99999", "--games", "60", "--controls",
                "0",
            ], in: scratch.folder)
        expectRefusal(result, naming: "99999")
    }

    @Test func aReportThatCannotBeWritten() async throws {
        let scratch = try Scratch()
        let result = try await explain(scratch, Program.example)
        try #require(result.status == 0, "\(result.errors)")
        let run =
            try #require(result.output.split(separator: "\n").last { $0.hasPrefix("run ") })
            .split(separator: " ").last.map(String.init) ?? ""
        let refused = try await Program.run(
            ["report", run, "--output", "/dev/full/report.html"], in: scratch.folder)
        expectRefusal(refused, naming: "/dev/full/report.html")
    }

    @Test func everyCommandHasHelpWithAnExample() async throws {
        let scratch = try Scratch()
        for command in [
            [], ["explain"], ["resume"], ["runs"], ["report"], ["verify"],
            ["exemplars"], ["exemplars", "show"], ["experience", "search"], ["prompt"],
            ["prompt", "list"], ["prompt", "render"], ["prompt", "check"],
            ["prompt", "export"], ["doctor"], ["benchmark", "othello"],
        ] {
            let help = try await Program.run(command + ["--help"], in: scratch.folder)
            #expect(help.status == 0)
            #expect(help.output.contains("conjecture \(command.joined(separator: " "))"))
            #expect(help.output.contains("Example"), "\(command)")
        }
    }
}

/// A file system of a few megabytes in memory, to fill.
struct SmallDisk {
    private let path: String

    init(at path: String, megabytes: Int) throws {
        self.path = path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        guard Self.run(["mount", "-t", "tmpfs", "-o", "size=\(megabytes)m", "tmpfs", path]) else {
            throw CocoaError(.fileWriteNoPermission)
        }
    }

    func unmount() { _ = Self.run(["umount", path]) }

    static let isPossible: Bool = {
        let path = FileManager.default.temporaryDirectory
            .appendingPathComponent("conjecture-mount-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        guard let disk = try? SmallDisk(at: path, megabytes: 1) else { return false }
        disk.unmount()
        return true
    }()

    private static func run(_ arguments: [String]) -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
