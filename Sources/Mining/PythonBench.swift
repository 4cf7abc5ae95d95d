import Tools

/// Where Python runs, probed when it is first needed.
actor SandboxRoom {
    private let mode: Sandbox.Mode
    private var probed: Sandbox?

    init(isUnsafe: Bool) { mode = isUnsafe ? .unsafeNoSandbox : .walled }

    /// - Throws: `SandboxProblem` with what is missing; there is no falling back.
    func sandbox() async throws -> Sandbox {
        if let probed { return probed }
        let sandbox = try await Sandbox.probe(mode)
        probed = sandbox
        return sandbox
    }
}

/// Runs Python tools in their sandbox, one process a tool and batch, and keeps every value and every
/// fault in the memory before it is used.
struct PythonBench: PythonRunning {
    let kept: ToolValueStore
    let room: SandboxRoom

    func values(of tool: FeatureTool, texts: [String], attempt: Int) async throws -> [ToolValue] {
        guard case .python(let source) = tool.kind else { return [] }
        let name = "\(tool.hash.hex) \(attempt)"
        let distinct = texts.distinct
        let known = try await kept.known(name, distinct)
        let left = zip(distinct, known).filter { $0.1 == nil }.map(\.0)
        var found = Dictionary(
            uniqueKeysWithValues: zip(distinct, known).compactMap { text, value in
                value.map { (text, $0) }
            })
        if !left.isEmpty {
            let values = try await compute(source, left, name)
            try await kept.keep(zip(left, values).map { (name, $0, $1) })
            for (text, value) in zip(left, values) { found[text] = value }
        }
        return texts.compactMap { found[$0] }
    }

    /// - Throws: ``ToolFailure`` for a tool that gave nothing, now or when it was tried before.
    private func compute(
        _ source: String, _ texts: [String], _ name: String
    ) async throws -> [ToolValue] {
        if let fault = try await kept.fault(of: name, on: texts) {
            throw ToolFailure(description: fault)
        }
        do {
            return try await room.sandbox().values(of: source, on: texts)
        } catch let fault as PythonFault where fault != .cancelled {
            // What may pass when the machine is less busy is not held against the tool for good.
            if fault.isLasting {
                try await kept.keep(fault: fault.description, of: name, on: texts)
            }
            throw ToolFailure(description: fault.description)
        }
    }
}

/// Python in its sandbox with nothing kept: for rows that pass by once.
struct PassingPython: PythonRunning {
    let room: SandboxRoom

    func values(of tool: FeatureTool, texts: [String], attempt: Int) async throws -> [ToolValue] {
        guard case .python(let source) = tool.kind else { return [] }
        return try await room.sandbox().values(of: source, on: texts)
    }
}

extension PythonFault {
    /// Whether the tool would do the same again.
    fileprivate var isLasting: Bool {
        switch self {
        case .timeLimit, .processorLimit, .start, .died, .cancelled: false
        default: true
        }
    }
}

/// A tool that gave no values, and what it did.
struct ToolFailure: Error, CustomStringConvertible {
    let description: String
}
