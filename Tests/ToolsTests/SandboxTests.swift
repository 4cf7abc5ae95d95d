import Foundation
import Testing

@testable import Tools

@Suite(.serialized) struct SandboxTests {
    @Test(.enabled(if: Bubblewrap.isInstalled)) func runsOrdinaryTools() async throws {
        let sandbox = try await Sandbox.probe()
        let source = """
            import collections, functools, json, math, random, re, statistics, string, unicodedata
            WORD = re.compile(r"\\w+")
            def feature(text: str) -> float:
                import textwrap, difflib, datetime, itertools, hashlib, decimal, fractions, heapq
                words = WORD.findall(text)
                return statistics.mean(map(len, words)) + math.log(1) + 0 * random.Random(1).random()
            """
        let values = try await sandbox.values(of: source, on: ["ab abcd", "", "é\u{0}\n\"日本語\""])
        #expect(values[0] == .value(3))
        #expect(values[1].number == nil)
        #expect(values[2] == .value(2))
    }

    @Test(.enabled(if: Bubblewrap.isInstalled)) func joinsBatchesInOrder() async throws {
        let sandbox = try await Bubblewrap.sandbox.value
        let texts = (0..<Sandbox.batchSize + 5).map { String($0) }
        let source = "def feature(t): return float(t) if t != FAULTY else 'x'\nFAULTY = "
        let values = try await sandbox.values(of: source + "None", on: texts)
        #expect(values == texts.indices.map { .value(Double($0)) })
        await #expect(throws: PythonFault.notANumber(row: Sandbox.batchSize + 3, found: "str 'x'"))
        {
            try await sandbox.values(of: source + "'\(Sandbox.batchSize + 2)'", on: texts)
        }
    }

    @Test(.enabled(if: Bubblewrap.isInstalled)) func setsHaveOneOrder() async throws {
        let sandbox = try await Sandbox.probe()
        let source = "def feature(t): return float(hash(t) % 1000)"
        let first = try await sandbox.values(of: source, on: ["a", "b"])
        #expect(try await sandbox.values(of: source, on: ["a", "b"]) == first)
    }

    /// One that the user installed elsewhere, perhaps behind a shim.
    @Test(.enabled(if: Bubblewrap.isInstalled && Bubblewrap.otherPythonFolder != nil))
    func runsAPythonOfAnotherPrefix() async throws {
        let folder = try #require(Bubblewrap.otherPythonFolder)
        let sandbox = try await Sandbox.probe(
            .walled, bubblewrapPaths: ["/usr/bin/bwrap"], pythonFolders: [folder])
        #expect(!sandbox.python.prefix.hasPrefix("/usr/bin"))
        let source = "import math, re\ndef feature(t): return math.sqrt(len(t))"
        #expect(try await sandbox.values(of: source, on: ["abcd"]) == [.value(2)])
    }

    @Test func missingPartsAreNamedWithTheirCure() async {
        await #expect(throws: SandboxProblem.noBubblewrap) {
            try await Sandbox.probe(
                .walled, bubblewrapPaths: ["/none"], pythonFolders: ["/usr/bin"])
        }
        await #expect(throws: SandboxProblem.noPython(searched: ["/none"])) {
            try await Sandbox.probe(
                .unsafeNoSandbox, bubblewrapPaths: [], pythonFolders: ["/none"])
        }
        #expect(SandboxProblem.noBubblewrap.description.contains("apt-get install bubblewrap"))
    }

    /// A bubblewrap that is not let make namespaces, as on some Ubuntus.
    @Test func aBubblewrapWithoutNamespacesIsRefused() async throws {
        let path = NSTemporaryDirectory() + "/bwrap-\(UUID().uuidString)"
        try "#!/bin/sh\necho 'bwrap: setting up uid map: Permission denied' >&2\nexit 1\n".write(
            toFile: path, atomically: true, encoding: .utf8)
        chmod(path, 0o700)
        defer { unlink(path) }
        let error = await #expect(throws: SandboxProblem.self) {
            try await Sandbox.probe(.walled, bubblewrapPaths: [path], pythonFolders: ["/usr/bin"])
        }
        guard case .namespaces = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    /// A bubblewrap that puts up no walls is found out.
    @Test func aBubblewrapWithoutWallsIsRefused() async throws {
        let path = NSTemporaryDirectory() + "/bwrap-\(UUID().uuidString)"
        try "#!/bin/sh\nwhile [ \"$1\" != -- ]; do shift; done\nshift\nexec \"$@\"\n".write(
            toFile: path, atomically: true, encoding: .utf8)
        chmod(path, 0o700)
        defer { unlink(path) }
        let error = await #expect(throws: SandboxProblem.self) {
            try await Sandbox.probe(.walled, bubblewrapPaths: [path], pythonFolders: ["/usr/bin"])
        }
        #expect(error == .leaky(wall: "host files"))
    }

    @Test func withoutSandboxTheLimitsStillHold() async throws {
        let sandbox = try await Sandbox.probe(.unsafeNoSandbox)
        #expect(
            try await sandbox.values(of: "def feature(t): return len(t)", on: ["abc"]) == [
                .value(3)
            ])
        var limits = SandboxLimits()
        limits.processorSeconds = 1
        await #expect(throws: PythonFault.processorLimit(seconds: 1)) {
            try await sandbox.values(
                of: "def feature(t):\n  while True: pass", on: ["abc"], limits: limits)
        }
    }

    /// Both tables fit the jumps of a filter, and refuse a foreign instruction set.
    @Test(arguments: [SystemCallFilter.Architecture.x86_64, .arm64])
    func filterIsAProgramOfWholeInstructions(architecture: SystemCallFilter.Architecture) {
        let bytes = SystemCallFilter(architecture: architecture).bytes
        #expect(bytes.count % 8 == 0)
        #expect((50..<300).contains(bytes.count / 8))
        let (code, count) = (bytes.count / 8 - 1, bytes.count / 8)
        for i in 0..<count where bytes[8 * i] & 7 == 5 {
            #expect(i + 1 + Int(max(bytes[8 * i + 2], bytes[8 * i + 3])) <= code)
        }
    }
}
