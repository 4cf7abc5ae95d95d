import LinearAlgebra
import SubjectMaterial
import Subjects
import Testing

@Suite struct SafetensorsWriterTests {
    @Test func writesWhatTheReaderReads() throws {
        var generator = SeededGenerator(seed: 1)
        let values = (0..<21).map { _ in Float(generator.normal()) }
        var file = SafetensorsWriter()
        file.add("table \"é\"", Matrix(rows: 3, columns: 7, storage: values))
        file.add("vector", [1.5, -0, .leastNonzeroMagnitude])
        file.add("nothing", [])
        let folder = try TemporaryFolder()
        let read = try Safetensors(path: folder.write("tensors.safetensors", file.bytes))
        #expect(read.entries.map(\.name).sorted() == ["nothing", "table \"é\"", "vector"])
        #expect(try bits(read.floats("table \"é\"", shape: [3, 7])) == bits(values))
        #expect(
            try bits(read.floats("vector", shape: [3])) == bits([1.5, -0, .leastNonzeroMagnitude]))
        #expect(read.entries.allSatisfy { $0.byteRange.lowerBound % 4 == 0 })
    }
}
