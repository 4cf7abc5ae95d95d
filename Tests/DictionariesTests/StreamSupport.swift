import Digests
import Exemplars
import LinearAlgebra
import SubjectMaterial
import Subjects

@testable import Dictionaries

/// Rows in memory as a source: a few directions of unequal strength round a middle that is not 0.
struct PlantedSource: ActivationSource {
    let width: Int
    let threads: Int
    let parts: [DataPart: Matrix]
    /// Rows of a piece.
    let length: Int

    var facts: SourceFacts {
        SourceFacts(
            origin: .init(hookName: "blocks.0.hook_resid_post", modelName: "planted"),
            dataName: "planted", dataDigest: SHA256.digest(of: "planted"))
    }

    /// - Parameter long: every so manieth row is a hundred times too long, or nil for none.
    init(
        width: Int = 16, rows: Int = 3_000, length: Int = 25, long: Int? = nil, threads: Int = 1,
        seed: UInt64 = 1
    ) {
        self.width = width
        self.length = length
        self.threads = threads
        func table(_ count: Int, _ seed: UInt64) -> Matrix {
            var planted = PlantedRows(width: width, count: 2 * width, active: 3, seed: 1)
            planted.generator = SeededGenerator(seed: seed, stream: 9)
            var table = Matrix(rows: count, columns: width)
            table.withUnsafeMutableBufferPointer { values in
                guard let base = values.baseAddress else { return }
                let view = RowView(base, count: count, width: width)
                planted.fill(view)
                for r in 0..<count {
                    for c in 0..<width {
                        view.row(r)[c] = (view.row(r)[c] + 3) * Float(1 + c) / 8
                        if let long, r % long == 0 { view.row(r)[c] *= 100 }
                    }
                }
            }
            return table
        }
        parts = [.training: table(rows, seed), .heldOut: table(400, seed + 1)]
    }

    func pieces(of part: DataPart) -> ActivationPieces {
        let rows = parts[part]?.rows ?? 0
        return ActivationPieces(
            rowCounts: stride(from: 0, to: rows, by: length).map { min(length, rows - $0) })
    }

    func forEachRow(
        of part: DataPart, _ pieces: ArraySlice<Int>, _ body: (UnsafeBufferPointer<Float>) -> Void
    ) throws(DictionaryError) {
        let table = parts[part] ?? Matrix(rows: 0, columns: width)
        table.withUnsafeBufferPointer { values in
            for piece in pieces {
                for row in piece * length..<min(table.rows, (piece + 1) * length) {
                    body(UnsafeBufferPointer(rebasing: values[row * width..<(row + 1) * width]))
                }
            }
        }
    }

    func identity() -> Digest { facts.dataDigest }
}

/// A short training on ``PlantedSource``.
func shortPlan(_ architecture: TrainingArchitecture = .topK(k: 3)) -> TrainingPlan {
    var plan = TrainingPlan(
        latentCount: 40, architecture: architecture, tokens: 6_000, batchSize: 100)
    plan.deadAfter = 1_000
    plan.poolByteLimit = 1 << 20
    return plan
}

/// The text of the error that `body` throws.
func message(_ body: () throws -> Void) -> String {
    do {
        try body()
        return "nothing was thrown"
    } catch {
        return "\(error)"
    }
}

/// What is written: every number of a dictionary, to the last bit.
func bits(_ dictionary: TrainedDictionary) -> [UInt8] {
    dictionary.saeLensFiles.flatMap(\.bytes)
}
