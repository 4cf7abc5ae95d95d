import LinearAlgebra
import Rows

/// Sentence embeddings and ridge regression: what a pack is held against where an encoder is at hand.
enum EmbeddingBaseline {
    /// Predictions for the rows of `rows`.
    static func predictions(
        for rows: RowSet, training: TrainingRows, target: [Double], embedding: TextEmbedding
    ) async throws -> [Double] {
        // Of length √d, so that the penalties are on the scale of single columns.
        let scale = Double(embedding.reference.width).squareRoot()
        return try await RidgeBaseline.predictions(
            for: sparse(try await embedding.vectors(of: rows), scale),
            x: sparse(try await embedding.vectors(of: training.rows), scale), training: training,
            target: target)
    }

    private static func sparse(_ vectors: Matrix, _ scale: Double) -> SparseRows {
        var rows = SparseRows(columnCount: vectors.columns)
        for r in 0..<vectors.rows {
            rows.append(
                vectors.row(r).enumerated().map { (Int32($0), scale * Double($1)) })
        }
        return rows
    }
}
