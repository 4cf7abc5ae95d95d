import Digests
import Foundation
import Memory
import Tools

/// Runs Python tools in their sandbox, one process a tool and batch, and keeps every value in the
/// memory before it is used: what was computed once is not computed again.
struct PythonBench: PythonRunning {
    let store: Store
    let run: String
    /// Whether it may run outside a sandbox, as the user said it may.
    let isUnsafe: Bool

    func values(of tool: FeatureTool, texts: [String]) async throws -> [ToolValue] {
        guard case .python(let source) = tool.kind else { return [] }
        let keys = texts.map { Data(Self.key(tool, $0).bytes) }
        let known = try await store.measurements(keys: Array(Set(keys)))
        var left: [Data: String] = [:]
        for (key, text) in zip(keys, texts) where known[key] == nil { left[key] = text }
        var found = known
        if !left.isEmpty {
            let order = left.keys.sorted { $0.lexicographicallyPrecedes($1) }
            let values = try await runner().run(source, texts: order.map { left[$0] ?? "" })
            let bodies = zip(order, values).map { (key: $0, body: Self.body($1)) }
            try await store.record(bodies, run: run)
            for (key, body) in bodies { found[key] = body }
        }
        return try keys.map { key in
            guard let body = found[key], let value = Self.value(body) else {
                throw MemoryError.failed(
                    path: store.path, reason: "a stored value of a tool is damaged")
            }
            return value
        }
    }

    private static func key(_ tool: FeatureTool, _ text: String) -> Digest {
        SHA256.digest(of: "tool value \(tool.hash.hex) \(SHA256.digest(of: text).hex)")
    }

    /// A byte that tells a value from a reason, then either.
    private static func body(_ value: ToolValue) -> Data {
        switch value {
        case .value(let number):
            Data([0]) + withUnsafeBytes(of: number.bitPattern.littleEndian) { Data($0) }
        case .missing(let reason): Data([1]) + Data(reason.utf8)
        }
    }

    private static func value(_ body: Data) -> ToolValue? {
        switch body.first {
        case 0 where body.count == 9:
            let bits = body.dropFirst().reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            return .value(Double(bitPattern: bits))
        case 1: return .missing(String(decoding: body.dropFirst(), as: UTF8.self))
        default: return nil
        }
    }
}
