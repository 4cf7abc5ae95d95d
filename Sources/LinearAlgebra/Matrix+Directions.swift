extension Matrix {
    /// Random unit vectors as rows, the same for every call with these sizes: control directions that
    /// nobody should be able to explain.
    public static func randomDirections(count: Int, width: Int) -> Matrix {
        var generator = SeededGenerator(seed: 0xD1EC, stream: UInt64(width))
        var matrix = Matrix(rows: count, columns: width)
        for row in 0..<count {
            let values = (0..<width).map { _ in generator.normal() }
            let norm = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
            for column in 0..<width { matrix[row, column] = Float(values[column] / norm) }
        }
        return matrix
    }
}
