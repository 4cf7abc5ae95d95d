import LinearAlgebra
import Testing

@Suite struct MatrixTests {
    @Test func isRowMajor() {
        var matrix = Matrix([[1, 2, 3], [4, 5, 6]])
        #expect(matrix.storage == [1, 2, 3, 4, 5, 6])
        #expect(matrix[1, 0] == 4)
        #expect(Array(matrix.row(1)) == [4, 5, 6])
        #expect(matrix.transposed() == Matrix([[1, 4], [2, 5], [3, 6]]))
        matrix[0, 2] = 9
        #expect(matrix.storage == [1, 2, 9, 4, 5, 6])
    }

    @Test func mayBeEmpty() {
        #expect(Matrix([]).rows == 0)
        #expect(Matrix(rows: 0, columns: 3).transposed().rows == 3)
    }
}
