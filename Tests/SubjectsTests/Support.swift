import Foundation
import LinearAlgebra
import Subjects
import Testing

/// Files too large for the repository, kept in a `shared/data` folder.
///
/// Looked for in the folder named by CONJECTURE_DATA, then in `shared/data` of every folder above
/// this file. Tests that need one are disabled, with the reason, where it is absent.
enum SharedData {
    static let absence: Comment =
        "the file is not there: put it into shared/data above the package, or set CONJECTURE_DATA"

    static func file(_ path: String) -> String? {
        var folders: [URL] = []
        if let named = ProcessInfo.processInfo.environment["CONJECTURE_DATA"] {
            folders.append(URL(fileURLWithPath: named))
        }
        var folder = packageRoot
        while folder.path != "/" {
            folder.deleteLastPathComponent()
            folders.append(folder.appendingPathComponent("shared/data"))
        }
        return folders.map { $0.appendingPathComponent(path).path }
            .first { FileManager.default.fileExists(atPath: $0) }
    }

    static var packageRoot: URL {
        URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    }
}

/// A folder that is gone when the object is.
final class TemporaryFolder {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory
            .appendingPathComponent("subjects-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    @discardableResult
    func write(_ name: String, _ bytes: [UInt8]) throws -> String {
        try Data(bytes).write(to: URL(fileURLWithPath: path).appendingPathComponent(name))
        return "\(path)/\(name)"
    }

    @discardableResult
    func write(_ name: String, _ text: String) throws -> String {
        try write(name, Array(text.utf8))
    }
}

/// Writes safetensors, right or wrong on purpose.
struct TensorFile {
    enum Kind: String {
        case f32 = "F32"
        case f16 = "F16"
        case bf16 = "BF16"
    }

    struct Tensor {
        var name: String
        var shape: [Int]
        var values: [Float]
        var type = Kind.f32
    }

    var tensors: [Tensor] = []

    mutating func add(_ name: String, _ values: [Float], shape: [Int]? = nil, _ type: Kind = .f32) {
        tensors.append(
            Tensor(name: name, shape: shape ?? [values.count], values: values, type: type))
    }

    mutating func add(_ name: String, _ matrix: Matrix, _ type: Kind = .f32) {
        add(name, matrix.storage, shape: [matrix.rows, matrix.columns], type)
    }

    var bytes: [UInt8] {
        var data: [UInt8] = []
        var parts: [String] = []
        for tensor in tensors {
            let start = data.count
            for value in tensor.values {
                switch tensor.type {
                case .f32: withUnsafeBytes(of: value.bitPattern) { data += $0 }
                case .f16: withUnsafeBytes(of: Float16(value).bitPattern) { data += $0 }
                case .bf16:
                    withUnsafeBytes(of: UInt16(value.bitPattern >> 16)) { data += $0 }
                }
            }
            parts.append(
                "\"\(tensor.name)\":{\"dtype\":\"\(tensor.type.rawValue)\",\"shape\":"
                    + "\(tensor.shape),\"data_offsets\":[\(start),\(data.count)]}")
        }
        return Self.bytes(header: "{" + parts.joined(separator: ",") + "}", data: data)
    }

    static func bytes(header: String, data: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        withUnsafeBytes(of: UInt64(header.utf8.count)) { result += $0 }
        return result + Array(header.utf8) + data
    }
}

func randomFloats(_ count: Int, _ generator: inout SeededGenerator, scale: Double = 1) -> [Float] {
    (0..<count).map { _ in Float(generator.normal() * scale) }
}

func randomMatrix(
    _ rows: Int, _ columns: Int, _ generator: inout SeededGenerator, scale: Double = 1
) -> Matrix {
    Matrix(
        rows: rows, columns: columns,
        storage: randomFloats(rows * columns, &generator, scale: scale))
}

func bits(_ values: some Sequence<Float>) -> [UInt32] { values.map(\.bitPattern) }

/// The greatest |a − b| relative to the greatest |b|.
func relativeError(_ a: [Float], _ b: [Double]) -> Double {
    precondition(a.count == b.count, "\(a.count) against \(b.count)")
    let scale = b.map { abs($0) }.max() ?? 1
    return (zip(a, b).map { abs(Double($0) - $1) }.max() ?? 0) / max(scale, 1e-30)
}

/// The error's one line, or "no error".
func message(_ body: () throws -> Void) -> String {
    do {
        try body()
        return "no error"
    } catch {
        return "\(error)"
    }
}

extension GPT2Weights {
    /// Random weights of the size trained ones have.
    static func random(
        _ c: GPT2Configuration, _ g: inout SeededGenerator, untied: Bool = false
    ) -> GPT2Weights {
        func norm(_ g: inout SeededGenerator) -> Norm {
            Norm(
                gain: randomFloats(c.width, &g, scale: 0.2).map { $0 + 1 },
                shift: randomFloats(c.width, &g, scale: 0.1))
        }
        func affine(_ inputs: Int, _ outputs: Int, _ g: inout SeededGenerator) -> Affine {
            Affine(
                weights: randomMatrix(
                    inputs, outputs, &g, scale: 1 / Double(inputs).squareRoot()),
                bias: randomFloats(outputs, &g, scale: 0.1))
        }
        let blocks = (0..<c.layerCount).map { _ in
            Block(
                attentionNorm: norm(&g), queryKeyValue: affine(c.width, 3 * c.width, &g),
                attentionOutput: affine(c.width, c.width, &g), mlpNorm: norm(&g),
                expand: affine(c.width, c.innerWidth, &g),
                contract: affine(c.innerWidth, c.width, &g))
        }
        return GPT2Weights(
            tokenEmbedding: randomMatrix(c.vocabularySize, c.width, &g),
            positionEmbedding: randomMatrix(c.contextLength, c.width, &g, scale: 0.3),
            blocks: blocks, finalNorm: norm(&g),
            head: untied ? randomMatrix(c.vocabularySize, c.width, &g) : nil)
    }
}

/// Sequences of random lengths and tokens.
func randomSequences(
    _ count: Int, _ c: GPT2Configuration, _ g: inout SeededGenerator
) -> [[Int]] {
    (0..<count).map { _ in
        (0..<1 + g.below(c.contextLength)).map { _ in g.below(c.vocabularySize) }
    }
}
