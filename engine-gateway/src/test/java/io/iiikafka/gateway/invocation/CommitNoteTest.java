package io.iiikafka.gateway.invocation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommitNoteTest {

    @Test
    void shouldReadWhatItWrites() {
        for (CommitNote note : new CommitNote[] {
            CommitNote.running("g"), CommitNote.handedOver("g", 0), CommitNote.handedOver("g", 300)
        }) {
            assertThat(CommitNote.parse(note.text())).isEqualTo(note);
        }
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "anything", "handed-over g x", "handed-over g 3 4"})
    void shouldFindNoNoteInOtherText(String text) {
        assertThat(CommitNote.parse(text)).isNull();
    }
}
