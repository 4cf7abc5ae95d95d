import Digests
import Foundation
import Subjects

/// Activations that somebody else measured: a table of rows in an .npy or .safetensors file, which is
/// mapped and never held whole.
///
/// Runs of ``runLength`` neighbouring rows stay together: they are dealt to training and measurement, and
/// shuffled, as one. Rows of one document are often neighbours, and few documents are cut by a run's end.
public struct ActivationFile: ActivationSource {
    public let facts: SourceFacts
    public let threads: Int
    private let rows: MappedRows
    private let runLength: Int
    /// The runs of each part, by number.
    private let runs: [DataPart: [Int]]
    private let pieces: [DataPart: ActivationPieces]
    private let choice: String

    public var width: Int { rows.width }

    /// Rows of a run, in a file that has enough of them.
    static let usualRunLength = 64
    /// More rows than these would not make the measurement better.
    private static let heldOutLimit = 200_000

    /// - Parameters:
    ///   - tensor: the table's name in a .safetensors file; may be nil where there is only one.
    ///   - hook: the place that the rows were measured at, for the dictionary's configuration, or nil.
    ///   - model: the model's name, for the same.
    public init(
        path: String, tensor: String? = nil, hook: String? = nil, model: String? = nil,
        plan: TrainingPlan, threads: Int
    ) throws(DictionaryError) {
        try plan.check()
        guard plan.positions == nil else {
            throw .badPlan(
                field: "positions", value: "given",
                expected: "only with a model: the rows of a file have none")
        }
        do {
            rows = try MappedRows(path: path, tensor: tensor)
        } catch {
            throw .subject(error)
        }
        self.threads = threads
        runLength = max(1, min(Self.usualRunLength, rows.count / 64))
        var runs: [DataPart: [Int]] = [.training: [], .heldOut: []]
        let limit = Self.heldOutLimit / runLength
        for run in 0..<(rows.count + runLength - 1) / runLength {
            if !plan.isHeldOut("run \(run)") {
                runs[.training]?.append(run)
            } else if runs[.heldOut]?.count ?? 0 < limit {
                runs[.heldOut]?.append(run)
            }
        }
        self.runs = runs
        let (total, length) = (rows.count, runLength)
        pieces = runs.mapValues { numbers in
            ActivationPieces(rowCounts: numbers.map { min(length, total - $0 * length) })
        }
        choice = "\(plan.heldOutShare) \(plan.seed)"
        facts = SourceFacts(
            origin: .init(hookName: hook, modelName: model),
            dataName: URL(fileURLWithPath: path).lastPathComponent,
            dataDigest: rows.digest())
        try check(for: plan)
    }

    private func range(of run: Int) -> Range<Int> {
        run * runLength..<min(rows.count, (run + 1) * runLength)
    }

    public func pieces(of part: DataPart) -> ActivationPieces {
        pieces[part] ?? ActivationPieces()
    }

    public func forEachRow(
        of part: DataPart, _ pieces: ArraySlice<Int>, _ body: (UnsafeBufferPointer<Float>) -> Void
    ) throws(DictionaryError) {
        let runs = runs[part] ?? []
        var values = [Float](repeating: 0, count: runLength * width)
        for piece in pieces {
            let range = range(of: runs[piece])
            values.withUnsafeMutableBufferPointer { buffer in
                let part = UnsafeMutableBufferPointer(rebasing: buffer[..<(range.count * width)])
                rows.read(range, into: part)
                for row in 0..<range.count {
                    body(UnsafeBufferPointer(rebasing: part[row * width..<(row + 1) * width]))
                }
            }
        }
    }

    public func identity() throws(DictionaryError) -> Digest {
        SHA256.digest(of: "conjecture.activation-file/1 \(facts.dataDigest) \(choice)")
    }
}
