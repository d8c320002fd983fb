// What a page has that uses the published clients for browsers and for React; the test evaluates the rest.
import { Stream } from '@motiadev/stream-client-browser'
import { MotiaStreamProvider, useStreamEventHandler, useStreamGroup, useStreamItem } from '@motiadev/stream-client-react'
import { createElement, useState } from 'react'
import { createRoot } from 'react-dom/client'

globalThis.open_stream = address => new Stream(address)

function Board({ streamName, groupId }) {
  const [heard, setHeard] = useState([])
  const { data: items, event } = useStreamGroup({ streamName, groupId })
  const { data: first } = useStreamItem({ streamName, groupId, id: 't1' })
  useStreamEventHandler({ event, type: 'typing', listener: who => setHeard(all => [...all, who]) }, [])
  return [
    createElement('ul', { key: 'ul' }, items?.map(item => createElement('li', { key: item.id }, `${item.id} ${item.n}`))),
    createElement('p', { key: 'p' }, `t1 ${first?.n} heard ${heard}`),
  ]
}

/** Shows a group of a stream with React. */
globalThis.show_board = (address, streamName, groupId) => {
  const board = createElement(Board, { streamName, groupId })
  createRoot(document.body.appendChild(document.createElement('main')))
    .render(createElement(MotiaStreamProvider, { address }, board))
}
