import Digests
import Foundation
import Memory
import Tools

/// Values of tools in the memory, by tool and text: what was computed or paid for once is not again,
/// in this run or another.
struct ToolValueStore: Sendable {
    let store: Store
    let run: String

    /// What is known of a tool for some texts, in their order.
    ///
    /// - Parameter name: of everything but the text that changes a value.
    func known(_ name: String, _ texts: [String]) async throws -> [ToolValue?] {
        let keys = texts.map { Self.key(name, [$0]) }
        let found = try await store.measurements(keys: Array(Set(keys)))
        return try keys.map { key in
            guard let body = found[key] else { return nil }
            guard let value = Self.value(body) else {
                throw MemoryError.failed(
                    path: store.path, reason: "a stored value of a tool is damaged")
            }
            return value
        }
    }

    /// Keeps values that were not known, all or none of them; durable when this returns.
    func keep(_ values: some Sequence<(name: String, text: String, value: ToolValue)>) async throws
    {
        try await store.record(
            values.map { (Self.key($0.name, [$0.text]), Self.body($0.value)) }, run: run)
    }

    /// Why a tool gave nothing for a batch of texts, if that is known.
    func fault(of name: String, on texts: [String]) async throws -> String? {
        let key = Self.key("fault \(name)", texts)
        return try await store.measurements(keys: [key])[key].map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    func keep(fault: String, of name: String, on texts: [String]) async throws {
        try await store.record([(Self.key("fault \(name)", texts), Data(fault.utf8))], run: run)
    }

    private static func key(_ name: String, _ texts: [String]) -> Data {
        let digests = texts.map { SHA256.digest(of: $0).hex }.joined(separator: " ")
        return Data(SHA256.digest(of: "tool value \(name) \(digests)").bytes)
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

extension [String] {
    /// Without repeats, in the order of first appearance.
    var distinct: [String] {
        var seen: Set<String> = []
        return filter { seen.insert($0).inserted }
    }
}
