import LinearAlgebra
import Subjects

/// How the directions of a dictionary lie to one another.
public struct DecoderGeometry: Sendable, Hashable {
    /// For each latent the greatest cosine of its decoder row with another's; 0 for a single latent.
    public let greatestCosines: [Float]
    /// For each latent the cosine of its encoder column and its decoder row.
    public let encoderCosines: [Float]

    /// - Parameters:
    ///   - encoder: a row for each latent, [F × d].
    ///   - decoder: [F × d].
    /// - Complexity: 2 · F² · d flop.
    public init(encoder: Matrix, decoder: Matrix, threads: Int = 1) {
        let (encoder, decoder) = (Self.unit(encoder), Self.unit(decoder))
        let count = decoder.rows
        encoderCosines = (0..<count).map { latent in
            zip(encoder.row(latent), decoder.row(latent)).reduce(0) { $0 + $1.0 * $1.1 }
        }
        let columns = PackedMatrix(decoder.transposed())
        let size = 64
        let chunks = (count + size - 1) / size
        var greatest = [Float](repeating: 0, count: count)
        greatest.withUnsafeMutableBufferPointer { output in
            decoder.withUnsafeBufferPointer { rows in
                guard let base = rows.baseAddress else { return }
                // Each worker writes to latents of its own, and the rows are only read.
                nonisolated(unsafe) let output = output
                nonisolated(unsafe) let all = RowView(
                    UnsafeMutablePointer(mutating: base), count: count, width: decoder.columns)
                inParallel(chunks, threads: threads) { chunk in
                    let range = chunk * size..<min(count, (chunk + 1) * size)
                    let scratch = Scratch(rows: range.count, width: count)
                    withExtendedLifetime(scratch) {
                        let products = scratch.view(range.count)
                        columns.multiply(all.rows(range), into: products)
                        for (place, latent) in range.enumerated() {
                            let row = products.row(place)
                            row[latent] = -1
                            let best = (0..<count).reduce(Float(-1)) { max($0, row[$1]) }
                            output[latent] = count > 1 ? best : 0
                        }
                    }
                }
            }
        }
        greatestCosines = greatest
    }

    /// Rows of length 1; a row of zeros stays one.
    private static func unit(_ rows: Matrix) -> Matrix {
        var result = rows
        result.withUnsafeMutableBufferPointer { values in
            for row in 0..<rows.rows {
                let range = row * rows.columns..<(row + 1) * rows.columns
                let square = values[range].reduce(0.0) { $0 + Double($1) * Double($1) }
                guard square > 0 else { continue }
                let scale = Float(1 / square.squareRoot())
                for place in range { values[place] *= scale }
            }
        }
        return result
    }
}
