import Foundation
import Games
import Testing

/// Games of human players on the server eOthello, with the result the server recorded.
@Suite struct RecordedGamesTests {
    @Test(.enabled(if: SharedData.othelloGames != nil, SharedData.absence))
    func replaysRecordedGames_asLegalAndWithTheRecordedWinner() throws {
        let file = try #require(SharedData.othelloGames)
        let rows = try String(contentsOf: file, encoding: .utf8).split(whereSeparator: \.isNewline)
        #expect(rows.first == "Othello_game_id,winner,game_moves")
        let rules = Othello.eightByEight
        let winners: [Substring: Winner] = ["1": .black, "-1": .white, "0": .draw]
        var results: Set<Winner> = []
        for row in rows.dropFirst().prefix(3000) {
            let fields = row.split(separator: ",")
            let moves = try rules.moves(fromTranscript: String(fields[2]))
            let winner = try rules.winner(of: moves)
            #expect(winner == winners[fields[1]], "game \(fields[0])")
            results.insert(winner)
            let final = try rules.position(after: moves)
            #expect(final.isOver(on: rules), "game \(fields[0])")
        }
        #expect(results.count == 3)
    }
}
