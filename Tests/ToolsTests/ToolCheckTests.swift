import Testing

@testable import Tools

@Suite struct ToolCheckTests {
    private static let sample = (0..<60).map { index in
        String(repeating: index % 3 == 0 ? "good, " : "bad ", count: 1 + index * 7 % 60)
            + (index % 4 == 0 ? "but 12 maybe" : "")
    }

    private func check(_ source: String, examples: [UnitExample] = []) async throws -> ToolCheck {
        let tool = try FeatureTool(
            name: "t", title: "T", kind: .expression(source), examples: examples)
        return await ToolCheck.run(tool, sample: Self.sample, in: nil)
    }

    @Test func passesAGoodTool() async throws {
        let check = try await check(
            "share(commas)", examples: [UnitExample(text: "a, b", value: 0.5)])
        #expect(check.passes)
        #expect(check.values.count == Self.sample.count)
    }

    @Test func namesEachFault() async throws {
        let wrong = [UnitExample(text: "a b", value: 3)]
        #expect(
            try await check("share(commas) + words * 0", examples: wrong).faults
                == [.example(index: 0, wanted: "3.0", found: .value(0))])
        #expect(try await check("3").faults == [.constant(value: 3)])
        guard case .mostlyMissing(let share, _) = try await check("1 / pattern(url)").faults.first
        else { Issue.record("not seen"); return }
        #expect(share == 1)
        guard case .lengthProxy(let correlation) = try await check("sqrt(words)").faults.first
        else { Issue.record("not seen"); return }
        #expect(correlation > 0.99)
        let far = try await check("share(commas) * 1e12").faults
        guard case .outOfRange = far.first else { Issue.record("not seen"); return }
    }

    @Test func aPythonToolNeedsASandbox() async throws {
        let tool = try FeatureTool(name: "t", title: "T", kind: .python("def feature(t): return 1"))
        #expect(await ToolCheck.run(tool, sample: ["a"], in: nil).faults == [.run(.noSandbox)])
    }

    @Test(.enabled(if: Bubblewrap.isInstalled)) func seesStateAndChance() async throws {
        let sandbox = try await Sandbox.probe()
        for source in [
            "n = 0\ndef feature(t):\n    global n\n    n += 1\n    return n",
            "import random\ndef feature(t):\n    return random.random()",
        ] {
            let tool = try FeatureTool(name: "t", title: "T", kind: .python(source))
            let check = await ToolCheck.run(tool, sample: Self.sample, in: sandbox)
            guard case .notDeterministic = check.faults.first else {
                Issue.record("\(check.faults)")
                continue
            }
        }
    }
}
