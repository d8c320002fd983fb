package io.iiikafka.gateway.stream;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.iiikafka.gateway.invocation.PushListener;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.record.PushCodec;
import io.netty.util.concurrent.EventExecutor;

/** The groups that somebody on this gateway listens to. */
final class GroupFeeds implements PushListener {

    private final Map<GroupId, GroupFeed> feeds = new ConcurrentHashMap<>();

    void add(GroupView view, EventExecutor loop) {
        feeds.compute(view.group(), (key, present) -> {
            GroupFeed feed = present == null ? new GroupFeed() : present;
            feed.add(view, loop);
            return feed;
        });
    }

    void remove(GroupView view, EventExecutor loop) {
        feeds.computeIfPresent(view.group(), (key, feed) -> feed.remove(view, loop) ? null : feed);
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
