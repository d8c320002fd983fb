package io.iiikafka.gateway.stream;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.iiikafka.gateway.invocation.PushListener;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.record.PushCodec;

/** The groups that somebody on this gateway listens to. */
final class GroupFeeds implements PushListener {

    private final Map<GroupId, GroupFeed> feeds = new ConcurrentHashMap<>();

    void add(GroupId group, StreamClient client) {
        feeds.compute(group, (key, present) -> {
            GroupFeed feed = present == null ? new GroupFeed() : present;
            feed.add(client);
            return feed;
        });
    }

    void remove(GroupId group, StreamClient client) {
        feeds.computeIfPresent(group, (key, feed) -> feed.remove(client) ? null : feed);
    }

    @Override
    public void pushed(RawJson text, PushCodec.Position position) {
        Frame frame = Frame.read(text, position);
        GroupFeed feed = frame == null ? null : feeds.get(frame.group());
        if (frame != null && feed != null) {
            feed.pushed(frame);
        }
    }
}
